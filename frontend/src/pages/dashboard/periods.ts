/** Periods of reports, all in plain days. */
import { addDays, isDay, monthFrom, weekday } from '@/pages/calendar/dates'

export const PRESETS = ['today', 'week', 'month', 'year'] as const
export type Preset = (typeof PRESETS)[number]

export interface Period {
  from: string
  to: string
}

/** The day, week, month or year that holds this day, whole. */
export function presetOf(name: Preset, day: string): Period {
  const year = day.slice(0, 4)
  if (name === 'today') return { from: day, to: day }
  if (name === 'year') return { from: `${year}-01-01`, to: `${year}-12-31` }
  if (name === 'month') return { from: monthFrom(day, 0), to: addDays(monthFrom(day, 1), -1) }
  const monday = addDays(day, 1 - weekday(day))
  return { from: monday, to: addDays(monday, 6) }
}

/** What the address says, this month when it says nothing that can be read. */
export function periodOf(from: string, to: string, today: string): Period {
  if (!isDay(from) && !isDay(to)) return presetOf('month', today)
  if (!isDay(from)) return { from: to, to }
  return { from, to: isDay(to) && to >= from ? to : from }
}

const LONG = 62

export function isLong({ from, to }: Period): boolean {
  return addDays(from, LONG) <= to
}

/** The part of a month (`2026-11`) that lies in the period. */
export function monthIn(month: string, { from, to }: Period): Period {
  const whole = presetOf('month', `${month}-01`)
  return { from: whole.from < from ? from : whole.from, to: whole.to > to ? to : whole.to }
}

export interface Line<Row> extends Period {
  key: string
  rows: Row[]
}

/** A long period is told by months, a short one by days. */
export function lines<Row>(rows: readonly Row[], dayOf: (row: Row) => string, period: Period): Line<Row>[] {
  if (!isLong(period)) {
    return rows.map((row) => ({ key: dayOf(row), from: dayOf(row), to: dayOf(row), rows: [row] }))
  }
  const months = new Map<string, Row[]>()
  for (const row of rows) {
    const month = dayOf(row).slice(0, 7)
    months.set(month, [...(months.get(month) ?? []), row])
  }
  return [...months].map(([key, found]) => ({ key, ...monthIn(key, period), rows: found }))
}
