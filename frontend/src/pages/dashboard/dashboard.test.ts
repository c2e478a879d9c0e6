import { describe, expect, it } from 'vitest'
import { decode, encode, nameOf } from './figures'
import { isLong, lines, monthIn, periodOf, presetOf } from './periods'
import { changeOf, heatClass, short, sum, ticks } from './scale'

describe('scale', () => {
  it('has round lines up to the largest value', () => {
    expect(ticks(2_900_000)).toEqual([0, 1_000_000, 2_000_000, 3_000_000])
    expect(ticks(100)).toEqual([0, 25, 50, 75, 100])
    expect(ticks(7)).toEqual([0, 2, 4, 6, 8])
    expect(ticks(0)).toEqual([0, 1])
    for (const largest of [1, 3, 17, 99, 1234.5, 8_765_432]) {
      expect(ticks(largest).length).toBeLessThanOrEqual(6)
      expect(ticks(largest).at(-1)).toBeGreaterThanOrEqual(largest)
    }
  })
  it('warms up to five', () => {
    expect([0, 1, 5, 10, 20, 25].map((n) => heatClass(n, 25))).toEqual([0, 1, 1, 2, 4, 5])
    expect(heatClass(0, 0)).toBe(0)
  })
  it('says how a figure changed', () => {
    expect(changeOf(110, 100, true)).toEqual({ how: 'more', by: 10 })
    expect(changeOf(1, 4, false)).toEqual({ how: 'less', by: 3 })
    expect(changeOf(5, 0, true)).toEqual({ how: 'from_zero', by: 0 })
    expect(changeOf(0, 0, true).how).toBe('same')
    expect(changeOf(1000, 1001, true).how).toBe('same')
  })
  it('writes short numbers and adds money', () => {
    expect(short(1_250_000, 'k', 'm')).toBe('1,3\u00a0m')
    expect(short(40_000, 'k', 'm')).toBe('40\u00a0k')
    expect(short(0, 'k', 'm')).toBe('0')
    expect(sum(['0.10', '0.20', '12500.05'])).toBe('12500.35')
  })
})

describe('periods', () => {
  it('knows the whole week, month and year of a day', () => {
    expect(presetOf('week', '2026-11-25')).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(presetOf('month', '2028-02-10')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(presetOf('year', '2026-11-25')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
  })
  it('reads the address and mends it', () => {
    expect(periodOf('', '', '2026-11-25')).toEqual(presetOf('month', '2026-11-25'))
    expect(periodOf('2026-11-20', '2026-11-10', '2026-11-25')).toEqual({
      from: '2026-11-20',
      to: '2026-11-20',
    })
    expect(periodOf('nonsense', '2026-11-10', '2026-11-25').from).toBe('2026-11-10')
  })
  it('tells a long period by months', () => {
    const period = { from: '2026-09-10', to: '2026-11-20' }
    expect(isLong(period)).toBe(true)
    expect(isLong({ from: '2026-11-01', to: '2026-11-30' })).toBe(false)
    expect(monthIn('2026-09', period)).toEqual({ from: '2026-09-10', to: '2026-09-30' })
    const days = ['2026-09-10', '2026-09-30', '2026-11-20']
    expect(lines(days, (day) => day, period).map(({ key, rows }) => [key, rows.length])).toEqual([
      ['2026-09', 2],
      ['2026-11', 1],
    ])
  })
})

describe('figures', () => {
  it('go into the address and come back', () => {
    const figure = {
      of: 'visits',
      from: '2026-11-01',
      to: '2026-11-02',
      status: 'canceled',
      reason: '',
    } as const
    expect(decode(encode(figure))).toEqual(figure)
    expect(decode(encode({ of: 'debts', branch: '' }))).toEqual({ of: 'debts' })
  })
  it('refuses what nobody clicked', () => {
    for (const text of [null, '', 'of=secrets', 'of=money&from=2026-11-01']) expect(decode(text)).toBeNull()
  })
  it('have names', () => {
    const money = { of: 'money', from: 'x', to: 'x' } as const
    expect(nameOf(money)).toBe('revenue')
    expect(nameOf({ ...money, kind: 'payment', method: 'card' })).toBe('received_card')
    expect(nameOf({ of: 'visits', status: 'came' })).toBe('visits_came')
  })
})
