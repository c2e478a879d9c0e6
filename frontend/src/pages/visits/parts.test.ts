import { describe, expect, it } from 'vitest'
import { accept, begin, differs, merge, type Parts } from './parts'

const parts = (change: Partial<Parts> = {}): Parts => ({
  complaints: '',
  anamnesis: '',
  examination: '',
  conclusion: '',
  recommendations: '',
  diagnoses: [],
  works: [],
  ...change,
})

describe('two people at one visit', () => {
  it('who write in different parts keep both', () => {
    const mine = parts({ complaints: 'pain' })
    const { shown, conflicts } = merge(mine, parts(), parts({ examination: 'cavity' }))
    expect(conflicts).toEqual([])
    expect(shown).toMatchObject({ complaints: 'pain', examination: 'cavity' })
  })

  it('who write in one part keep their texts until somebody chooses', () => {
    const mine = parts({ complaints: 'pain' })
    const result = merge(mine, parts(), parts({ complaints: 'swelling' }))
    expect(result.conflicts).toEqual(['complaints'])
    expect(result.shown.complaints).toBe('pain')
    expect(result.base.complaints).toBe('')
  })

  it('who wrote the same do not quarrel', () => {
    const same = parts({ diagnoses: [{ icd10: 'K02.1', name: 'a', tooth: 16 }] })
    const { conflicts, base } = merge(same, parts(), structuredClone(same))
    expect(conflicts).toEqual([])
    expect(differs('diagnoses', base, same)).toBe(false)
  })

  it('what is typed first differs from what was read', () => {
    const { shown, base } = begin(parts())
    shown.complaints = 'pain'
    expect(differs('complaints', shown, base)).toBe(true)
  })

  it('what was typed while saving stays typed', () => {
    const sent = parts({ complaints: 'pa' })
    const shown = parts({ complaints: 'pain' })
    const next = accept(['complaints'], sent, shown, parts(), parts({ complaints: 'pa' }))
    expect(next.shown.complaints).toBe('pain')
    expect(next.base.complaints).toBe('pa')
  })
})
