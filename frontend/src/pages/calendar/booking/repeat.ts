/** Repeating a booking: the days it comes to, as the form tells them. */
import type { SeriesBookInRequest } from '@/api/generated'
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
