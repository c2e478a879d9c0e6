import { describe, expect, it } from 'vitest'
import { difference, handed, rest, text, tiyn } from './sums'

describe('sums of the cash desk', () => {
  it('goes through tiyn without losing one', () => {
    expect(text(tiyn('0.10') + tiyn('0.20'))).toBe('0.30')
    expect(text(tiyn('12500.05'))).toBe('12500.05')
  })

  it('says what is left of a sum, and nothing when all of it is taken', () => {
    expect(rest('20000', '18500.00')).toBe('1500.00')
    expect(rest('18500', '18500.00')).toBeNull()
    expect(rest('10000', '18500.00')).toBeNull()
    expect(rest('18500.00', null)).toBe('18500.00')
  })

  it('offers the round sums that people hand over, each once', () => {
    expect(handed('18500.00')).toEqual(['19000.00', '20000.00'])
    expect(handed('2500.00')).toEqual(['3000.00', '4000.00', '5000.00'])
    expect(handed('20000.00')).toEqual([])
    expect(handed(null)).toEqual([])
  })

  it('says how much the drawer is short', () => {
    expect(difference('19500', '20000.00')).toBe('-500.00')
    expect(difference('', '20000.00')).toBeNull()
  })
})
