import { describe, expect, it } from 'vitest'
import type { RotaDayOut, RotaOut, RotaSpanOut } from '@/api/generated/types.gen'
import { type Area, brief, chosenOf, holds, monthDays, shown, step, timesToEnd, undoing } from './rota'

const span = (more: Partial<RotaSpanOut> = {}): RotaSpanOut => ({
  branch_id: 'b',
  starts: '09:00',
  ends: '14:30',
  room_id: null,
  chair_id: null,
  source: 'template',
  ...more,
})
const day = (date: string, more: Partial<RotaDayOut> = {}): RotaDayOut => ({
  date,
  spans: [],
  is_exception: false,
  is_off: false,
  minutes: 0,
  booked_minutes: 0,
  appointments: 0,
  ...more,
})
const rota = (days: RotaDayOut[]): RotaOut => ({
  branch_id: 'b',
  from: '2026-12-01',
  to: '2026-12-31',
  employees: [{ employee_id: 'p', name: 'Ким', color: '#000000', position: '', is_own: false, days }],
  absences: [],
  special_days: [],
})
const area: Area = { from: { line: 2, column: 5 }, to: { line: 1, column: 3 } }

describe('rota', () => {
  it('has the days of a month', () => {
    expect(monthDays('2024-02-11')).toHaveLength(29)
    expect(monthDays('2026-12-31').at(-1)).toBe('2026-12-31')
  })
  it('chooses from corner to corner, in any direction', () => {
    expect([holds(area, 1, 4), holds(area, 3, 4), holds(null, 1, 4)]).toEqual([true, false, false])
    const days = monthDays('2026-12-01')
    expect(chosenOf(area, ['a', 'b', 'c'], days)).toEqual({ people: ['b', 'c'], dates: days.slice(3, 6) })
    expect(chosenOf(null, ['a'], days)).toEqual({ people: [], dates: [] })
  })
  it('steps with the keyboard and stays inside', () => {
    expect(step({ line: 0, column: 0 }, 'ArrowUp', 3, 31)).toEqual({ line: 0, column: 0 })
    expect(step({ line: 0, column: 4 }, 'End', 3, 31)).toEqual({ line: 0, column: 30 })
    expect(step({ line: 0, column: 4 }, 'x', 3, 31)).toBeNull()
  })
  it('says why a day is as it is', () => {
    expect(shown(undefined, 'b').mark).toBe('none')
    expect(shown(day('x', { is_off: true }), 'b').mark).toBe('off')
    expect(shown(day('x', { spans: [span({ branch_id: 'other' })] }), 'b')).toMatchObject({
      here: [],
      mark: 'none',
    })
    expect(shown(day('x', { spans: [span(), span({ source: 'substitution' })] }), 'b').mark).toBe(
      'substitution',
    )
    expect([brief('09:00'), brief('14:30'), brief('00:05')]).toEqual([
      ['9', ''],
      ['14', '30'],
      ['0', '05'],
    ])
  })
  it('knows how to take back what was painted', () => {
    const own = day('2026-12-02', { is_exception: true, spans: [span({ source: 'rota_day' })] })
    const off = day('2026-12-03', { is_exception: true, is_off: true })
    const chosen = { people: ['p'], dates: ['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'] }
    expect(undoing(rota([own, off]), chosen)).toEqual([
      { branch: 'b', employees: ['p'], dates: ['2026-12-01', '2026-12-04'], what: 'template' },
      {
        branch: 'b',
        employees: ['p'],
        dates: ['2026-12-02'],
        what: 'hours',
        spans: [{ starts: '09:00', ends: '14:30', room: null, chair: null }],
      },
      { branch: 'b', employees: ['p'], dates: ['2026-12-03'], what: 'off' },
    ])
    const hidden = day('2026-12-02', { is_exception: true })
    expect(undoing(rota([hidden]), chosen)).toBeNull()
  })
  it('repeats to the end of the month', () => {
    const week = monthDays('2026-12-01').slice(0, 7)
    expect(timesToEnd(week)).toBe(3)
    expect(timesToEnd(['2026-12-31'])).toBe(1)
    expect(timesToEnd(['2026-12-01'])).toBe(12)
    expect(timesToEnd([])).toBe(1)
  })
})
