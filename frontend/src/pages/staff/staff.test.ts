import { describe, expect, it } from 'vitest'
import { weekOf } from '@/pages/calendar/dates'
import { beyond, cycleWeek, grid, hours, inForce, newShift, readNew, readTime } from './week'

const days = weekOf('2026-11-25')
const shift = (employee: string, weekday: number, starts: string, ends: string, more = {}) => ({
  ...{
    employee,
    weekday,
    starts,
    ends,
    valid_from: '2026-01-01',
    valid_to: null as string | null,
    cycle_weeks: 1,
    cycle_week: 0,
  },
  ...more,
})
const nurse = { id: 'n', position: { treats: false } }
const doctor = { id: 'd', position: { treats: true } }

describe('week', () => {
  it('puts shifts into their days, the earlier first, doctors on top', () => {
    const lines = grid(
      [nurse, doctor],
      [shift('d', 1, '14:00', '20:00'), shift('d', 1, '09:00', '13:30'), shift('n', 7, '10:00', '12:00')],
      days,
    )
    expect(lines.map(({ person }) => person.id)).toEqual(['d', 'n'])
    expect(lines[0]!.cells[0]!.shifts.map(({ starts }) => starts)).toEqual(['09:00', '14:00'])
    expect(lines[0]!.minutes).toBe(630)
    expect(lines[1]!.cells[6]!.shifts).toHaveLength(1)
  })
  it('keeps to the dates between which a shift is in force, both included', () => {
    const one = shift('d', 3, '09:00', '10:00', { valid_from: '2026-11-25', valid_to: '2026-11-25' })
    expect(inForce(one, '2026-11-24')).toBe(false)
    expect(inForce(one, '2026-11-25')).toBe(true)
    expect(inForce(one, '2026-11-26')).toBe(false)
    expect(grid([doctor], [one], weekOf('2026-12-02'))[0]!.minutes).toBe(0)
  })
  it('knows which of two weeks it is, across the end of a year and before the first', () => {
    const mondays = ['2023-12-18', '2023-12-25', '2024-01-01', '2025-12-22', '2025-12-29', '2026-01-05']
    expect(mondays.map(cycleWeek)).toEqual([0, 1, 0, 1, 0, 1])
    expect(cycleWeek('2026-01-11')).toBe(1)
    const one = shift('d', 1, '09:00', '10:00', { cycle_weeks: 2, cycle_week: 1 })
    expect(grid([doctor], [one], weekOf('2025-12-29'))[0]!.minutes).toBe(0)
    expect(grid([doctor], [one], weekOf('2026-01-05'))[0]!.minutes).toBe(60)
  })
  it('reads and writes times', () => {
    expect([readTime('9'), readTime('930'), readTime('18:05'), readTime('25'), readTime('')]).toEqual([
      '09:00',
      '09:30',
      '18:05',
      null,
      null,
    ])
    expect(hours(450)).toBe('7,5')
    expect(hours(480)).toBe('8')
  })
  it('has an address for a new shift', () => {
    expect(readNew(newShift('p-1', '2026-11-25'))).toEqual({ person: 'p-1', day: '2026-11-25' })
    for (const id of [null, 'abc', 'new', 'new.p']) expect(readNew(id)).toBeNull()
  })
  it('keeps what cannot be chosen', () => {
    expect(beyond(['a', 'b'], [{ value: 'a' }])).toEqual(['b'])
  })
})
