import { describe, expect, it } from 'vitest'
import { isMilk, isTooth, parseTooth, quarters } from './teeth'

describe('tooth numbers', () => {
  it('are 32 permanent and 20 milk ones', () => {
    expect(quarters(false).flat()).toHaveLength(32)
    expect(quarters(true).flat()).toHaveLength(20)
    expect([...quarters(false), ...quarters(true)].flat().every(isTooth)).toBe(true)
    expect(Array.from({ length: 100 }, (_, number) => number).filter(isTooth)).toHaveLength(52)
  })

  it('stand as one looks at the patient', () => {
    const [upperRight, upperLeft, lowerRight, lowerLeft] = quarters(false)
    expect(upperRight).toEqual([18, 17, 16, 15, 14, 13, 12, 11])
    expect(upperLeft![0]).toBe(21)
    expect(lowerRight![0]).toBe(48)
    expect(lowerLeft![0]).toBe(31)
  })

  it('are read as they are typed', () => {
    expect(parseTooth('1.6')).toBe(16)
    expect(parseTooth(' 85')).toBe(85)
    for (const wrong of ['', '1', '19', '56', '86', '99', '161']) expect(parseTooth(wrong)).toBeNull()
    expect(isMilk(55)).toBe(true)
    expect(isMilk(48)).toBe(false)
  })
})
