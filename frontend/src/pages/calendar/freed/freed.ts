import type { AppointmentOut } from '@/api/generated'

/** A place that was freed, as it stands in the address. */
export interface Freed {
  branch: string
  employee: string
  chair: string | null
  starts_at: string
  ends_at: string
}

export function freedCode({ branch, employee, chair, starts_at, ends_at }: Freed): string {
  return [branch, employee, starts_at, ends_at, chair ?? ''].join('~')
}

export function readFreed(code: string | null): Freed | null {
  const [branch, employee, starts_at, ends_at, chair] = (code ?? '').split('~')
  if (!branch || !employee || !starts_at || !ends_at) return null
  if (Number.isNaN(Date.parse(starts_at)) || Number.isNaN(Date.parse(ends_at))) return null
  return { branch, employee, starts_at, ends_at, chair: chair || null }
}

type Place = Pick<AppointmentOut, 'branch_id' | 'employee_id' | 'chair_id' | 'starts_at' | 'ends_at'>
/** Nobody is asked to come for less. */
const WORTH = 15 * 60_000

const STEP = 5 * 60_000

/** What of it is still ahead: of one that has begun the rest, from the next five minutes on, if that is long enough. */
export function aheadOf(place: Freed, now: number): Freed | null {
  const [starts, ends] = [Date.parse(place.starts_at), Date.parse(place.ends_at)]
  if (starts > now) return place
  const from = Math.ceil(now / STEP) * STEP
  return ends - from >= WORTH ? { ...place, starts_at: new Date(from).toISOString() } : null
}

/** What a move leaves of the old place, if it is still ahead and long enough to be offered. */
export function leftBy(was: Place, is: Place, now: number): Freed | null {
  const [starts, ends] = [Date.parse(was.starts_at), Date.parse(was.ends_at)]
  const [from, to] = [Date.parse(is.starts_at), Date.parse(is.ends_at)]
  const pieces: [number, number][] =
    was.employee_id === is.employee_id
      ? [
          [starts, Math.min(ends, from)],
          [Math.max(starts, to), ends],
        ]
      : [[starts, ends]]
  const [piece] = pieces
    .filter(([begins, stops]) => begins > now && stops - begins >= WORTH)
    .sort(([a, b], [c, d]) => d - c - (b - a))
  if (!piece) return null
  const [starts_at, ends_at] = piece.map((at) => new Date(at).toISOString()) as [string, string]
  return { branch: was.branch_id, employee: was.employee_id, chair: was.chair_id, starts_at, ends_at }
}

/** How long somebody who needs so many minutes would sit in it. */
export function slotFor(place: Freed, minutes: number) {
  const ends_at = new Date(Date.parse(place.starts_at) + minutes * 60_000).toISOString()
  return { employee: place.employee, chair: place.chair, starts_at: place.starts_at, ends_at }
}
