import { expect, test } from 'vitest'
import {
  addDays,
  clockMinutes,
  clockText,
  isDay,
  momentIn,
  monthFrom,
  monthWeeks,
  weekOf,
  written,
} from './dates'

test('days go over months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  expect(monthFrom('2026-01-31', 1)).toBe('2026-02-01')
  expect(monthFrom('2026-01-31', -1)).toBe('2025-12-01')
})

test('a day is a day of the calendar', () => {
  expect(isDay('2026-02-28')).toBe(true)
  expect(isDay('2026-02-30')).toBe(false)
  expect(isDay('tomorrow')).toBe(false)
  expect(isDay(undefined)).toBe(false)
})

test('weeks begin on Monday', () => {
  expect(weekOf('2026-11-25')).toEqual(
    ['23', '24', '25', '26', '27', '28', '29'].map((day) => `2026-11-${day}`),
  )
  const weeks = monthWeeks('2026-11-25')
  expect(weeks).toHaveLength(6)
  expect(weeks[0]![0]).toBe('2026-10-26')
})

test('dates are written in Kazakh whatever the browser knows', () => {
  expect(written('2026-11-25', 'kk', { day: 'numeric', month: 'long' })).toBe('25 қараша')
  expect(written('2026-11-25', 'kk', { weekday: 'short' })).toBe('ср')
  expect(
    written('2027-01-03', 'kk', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  ).toBe('2027 ж. 3 қаңтар, жексенбі')
})

test('a time is read in any shape', () => {
  expect(['14:30', '1430', '9', '9.05', ' 09 15 ', '930'].map(clockMinutes)).toEqual([
    870, 870, 540, 545, 555, 570,
  ])
  expect(['25:00', '12:60', 'noon', ''].map(clockMinutes)).toEqual([null, null, null, null])
  expect(clockText(545)).toBe('09:05')
})

test('a clock of the branch becomes a moment', () => {
  expect(momentIn('2026-11-25', '09:30', 'Asia/Almaty')).toBe('2026-11-25T04:30:00.000Z')
  expect(momentIn('2026-03-29', '10:00', 'Europe/Berlin')).toBe('2026-03-29T08:00:00.000Z')
})
