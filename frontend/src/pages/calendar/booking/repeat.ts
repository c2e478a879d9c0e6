/** Repeating a booking: the days it comes to, as the form tells them. */
import type { AppointmentOut, BackInRequest, SeriesBookInRequest } from '@/api/generated'
import { addDays } from '../dates'

export type Rule = SeriesBookInRequest['rule']
export const RULES: Rule[] = ['weekly', 'days', 'dates']

export interface Repeat {
  rule: Rule | null
  every: number
  count: number
  dates: string[]
}

export const once = (): Repeat => ({ rule: null, every: 1, count: 4, dates: [] })

/** All of them, the first one too. */
export function daysOf(repeat: Repeat, first: string | null): string[] {
  if (!repeat.rule || !first) return []
  if (repeat.rule === 'dates') return [...new Set([first, ...repeat.dates])].sort()
  const step = repeat.every * (repeat.rule === 'weekly' ? 7 : 1)
  return Array.from({ length: repeat.count }, (_, index) => addDays(first, index * step))
}

export function ruleOf({ rule, every, count, dates }: Repeat) {
  return rule === 'dates' ? { rule, dates } : { rule: rule ?? 'weekly', every, count }
}

/** Where those that were moved stood before; null when somebody else had his hand in it meanwhile. */
export function placesBefore(
  before: readonly AppointmentOut[],
  moved: readonly AppointmentOut[],
): BackInRequest[] | null {
  const known = new Map(before.map((one) => [one.id, one]))
  const items = moved.flatMap(({ id, version }) => {
    const was = known.get(id)
    if (was?.version !== version - 1) return []
    const { starts_at, ends_at, employee_id: employee, chair_id: chair } = was
    return [{ appointment: id, version, starts_at, ends_at, employee, chair }]
  })
  return items.length && items.length === moved.length ? items : null
}
