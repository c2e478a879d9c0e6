import { describe, expect, it } from 'vitest'
import { aheadOf, freedCode, leftBy, readFreed, slotFor } from './freed'

const place = {
  branch: 'b',
  employee: 'e',
  chair: null,
  starts_at: '2026-11-26T05:00:00Z',
  ends_at: '2026-11-26T06:00:00Z',
}

describe('a freed place', () => {
  it('stands in the address', () => {
    expect(readFreed(freedCode(place))).toEqual(place)
    expect(readFreed(freedCode({ ...place, chair: 'c' }))?.chair).toBe('c')
    for (const wrong of [null, '', 'x', 'b~e~now~then~']) expect(readFreed(wrong)).toBeNull()
  })

  it('is offered as far as it is ahead', () => {
    const at = (clock: string) => Date.parse(`2026-11-26T${clock}Z`)
    expect(aheadOf(place, at('04:59:00'))).toBe(place)
    expect(aheadOf(place, at('05:17:20'))?.starts_at).toBe('2026-11-26T05:20:00.000Z')
    expect(aheadOf(place, at('05:45:00'))?.starts_at).toBe('2026-11-26T05:45:00.000Z')
    expect(aheadOf(place, at('05:45:01'))).toBeNull()
    expect(aheadOf(place, at('07:00:00'))).toBeNull()
  })

  it('is as long as somebody needs', () => {
    expect(slotFor(place, 45).ends_at).toBe('2026-11-26T05:45:00.000Z')
  })

  it('is what a move leaves, when somebody could come', () => {
    const was = { ...place, branch_id: 'b', employee_id: 'e', chair_id: null }
    const to = (from: string, until: string) => ({
      ...was,
      starts_at: `2026-11-26T${from}:00Z`,
      ends_at: `2026-11-26T${until}:00Z`,
    })
    const early = Date.parse('2026-11-26T04:00:00Z')
    const span = (is: typeof was, now = early) => {
      const left = leftBy(was, is, now)
      return left && [left.starts_at.slice(11, 16), left.ends_at.slice(11, 16)]
    }
    expect(span(to('08:00', '09:00'))).toEqual(['05:00', '06:00'])
    expect(span(to('05:20', '06:20'))).toEqual(['05:00', '05:20'])
    expect(span(to('05:00', '05:30'))).toEqual(['05:30', '06:00'])
    expect(span(to('05:10', '06:10'))).toBeNull()
    expect(span({ ...was, employee_id: 'f' })).toEqual(['05:00', '06:00'])
    expect(span(to('08:00', '09:00'), Date.parse('2026-11-26T05:30:00Z'))).toBeNull()
  })
})
