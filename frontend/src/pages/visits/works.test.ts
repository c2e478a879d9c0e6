import { describe, expect, it } from 'vitest'
import { amount, parseDiscount, parseQuantity, sums, withoutTooth, type Work } from './works'

const work = (price: string, quantity = 1, discount_percent = '0'): Work => ({
  service: 's',
  name: 'Filling',
  is_tooth_bound: true,
  tooth: null,
  quantity,
  price,
  discount_percent,
  employee: null,
  employee_name: '',
})

describe('sums of the works', () => {
  it('count in tiyn, half a tiyn up', () => {
    expect(amount(work('32000.00', 1, '10.00'))).toBe('28800.00')
    expect(amount(work('0.01', 1, '50'))).toBe('0.01')
    expect(amount(work('0.03', 1, '50.00'))).toBe('0.02')
    expect(amount(work('9999999999.99', 99))).toBe('989999999999.01')
    expect(amount(work('12500.5', 2))).toBe('25001.00')
  })

  it('add up line by line', () => {
    const works = [work('3500'), work('32000', 1, '10'), work('2000', 2), work('28000', 1, '10')]
    expect(sums(works)).toEqual({ full: '67500.00', discount: '6000.00', total: '61500.00' })
    expect(sums([])).toEqual({ full: '0.00', discount: '0.00', total: '0.00' })
  })

  it('read what is typed, within the cap', () => {
    expect(parseDiscount('7,5 %', '10.00')).toBe('7.5')
    expect(parseDiscount('', '10.00')).toBe('0')
    expect(parseDiscount('11', '10.00')).toBeNull()
    expect(parseDiscount('abc', '10.00')).toBeNull()
    expect(parseQuantity(' 12 ')).toBe(12)
    for (const wrong of ['0', '100', '1.5', '']) expect(parseQuantity(wrong)).toBeNull()
  })

  it('tell which services lack their tooth', () => {
    expect(withoutTooth([work('1'), { ...work('1'), tooth: 16 }])).toBe(1)
  })
})
