import { describe, expect, it } from 'vitest'
import { change, difference, text, tiyn } from './sums'

describe('sums of the cash desk', () => {
  it('goes through tiyn without losing one', () => {
    expect(text(tiyn('0.10') + tiyn('0.20'))).toBe('0.30')
    expect(text(tiyn('12500.05'))).toBe('12500.05')
  })

  it('gives change only when enough was received', () => {
    expect(change('20000', '18500.00')).toBe('1500.00')
    expect(change('18500', '18500.00')).toBe('0.00')
    expect(change('10000', '18500.00')).toBeNull()
    expect(change(null, '18500.00')).toBeNull()
  })

  it('says how much the drawer is short', () => {
    expect(difference('19500', '20000.00')).toBe('-500.00')
    expect(difference('', '20000.00')).toBeNull()
  })
})
