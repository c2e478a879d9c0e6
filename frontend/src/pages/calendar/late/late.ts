/** Who has let his time pass: told by the clock alone, nothing of it is stored. Moments are moments: no zone matters. */
import type { AppointmentOut } from '@/api/generated'

/** Minutes that a patient is waited for, unless the organisation has set others. */
export const LATE_AFTER = 15

/** `late`: his time runs and he is not here. `missed`: it is over, and nobody has said that he came. */
export type Overdue = 'late' | 'missed'

type Timed = Pick<AppointmentOut, 'status' | 'starts_at' | 'ends_at'>

const AWAITED: ReadonlySet<string> = new Set(['booked', 'confirmed'])

export const isAwaited = (status: string): boolean => AWAITED.has(status)

/** Minutes since it should have begun; negative while that is ahead. */
export const minutesSince = ({ starts_at }: Pick<Timed, 'starts_at'>, now: number): number =>
  Math.floor((now - Date.parse(starts_at)) / 60_000)

export function overdueOf(one: Timed, now: number, patience = LATE_AFTER): Overdue | undefined {
  if (!isAwaited(one.status)) return undefined
  if (now >= Date.parse(one.ends_at)) return 'missed'
  return minutesSince(one, now) >= patience ? 'late' : undefined
}

/** Those of a day that are still to be told whether they came, by their time. */
export function missedOf<Item extends Timed>(items: readonly Item[], now: number): Item[] {
  return items
    .filter((one) => overdueOf(one, now) === 'missed')
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))
}

/** May its patient get another time in its place? The server says the same (`not_missed`). */
export const isRebookable = (one: Timed, now: number): boolean =>
  one.status === 'no_show' || (isAwaited(one.status) && minutesSince(one, now) >= 0)
