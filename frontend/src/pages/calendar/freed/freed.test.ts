import { describe, expect, it } from 'vitest'
import { freedCode, readFreed, slotFor } from './freed'

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

  it('is as long as somebody needs', () => {
    expect(slotFor(place, 45).ends_at).toBe('2026-11-26T05:45:00.000Z')
  })
})
