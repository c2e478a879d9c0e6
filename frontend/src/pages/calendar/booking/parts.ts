/** Who and what takes part in an appointment for how long: rows of the form, and segments for the server. */
import type { AppointmentDetailOut, SegmentInRequest } from '@/api/generated'
import { clockMinutes, clockText, momentIn } from '../dates'

export type Role = SegmentInRequest['role']

export interface Part {
  role: Role
  /** Empty: the doctor, or the chair, of the appointment. */
  who: string
  /** Null: from the beginning, to the end, with the minutes around. */
  from: string | null
  to: string | null
}

export interface Whole {
  employee: string
  chair: string | null
  date: string | null
  starts_at: string
  ends_at: string
  before: number
  after: number
}

const EMPLOYEE: ReadonlySet<Role> = new Set(['doctor', 'assistant'])
const isMain = ({ role, who }: Part) => !who && (role === 'doctor' || role === 'chair')

/** The first added row brings the doctor and the chair along: with parts, exactly these are held. */
export function withPart(parts: readonly Part[], role: Role, who = ''): Part[] {
  const row = (role: Role, who = ''): Part => ({ role, who, from: null, to: null })
  const main = parts.length ? [] : [row('doctor'), row('chair')]
  return [...parts, ...main, ...(who || (role !== 'doctor' && role !== 'chair') ? [row(role, who)] : [])]
}

/** Nothing but the doctor and the chair from beginning to end is nothing special. */
export function special(parts: readonly Part[]): Part[] {
  return parts.every((part) => isMain(part) && !part.from && !part.to) ? [] : [...parts]
}

export function edges({ starts_at, ends_at, before, after }: Whole): [number, number] {
  return [Date.parse(starts_at) - before * 60_000, Date.parse(ends_at) + after * 60_000]
}

export function segmentsOf(parts: readonly Part[], whole: Whole, zone: string): SegmentInRequest[] {
  const [first, last] = edges(whole).map((at) => new Date(at).toISOString()) as [string, string]
  const at = (clock: string | null, otherwise: string) =>
    clock && whole.date ? momentIn(whole.date, clock, zone) : otherwise
  return special(parts).flatMap(({ role, who, from, to }) => {
    const id = who || (role === 'doctor' ? whole.employee : role === 'chair' ? whole.chair : '')
    if (!id) return []
    const name = EMPLOYEE.has(role) ? 'employee' : (role as 'chair' | 'device')
    return [{ role, [name]: id, starts_at: at(from, first), ends_at: at(to, last) }]
  })
}

/** Later or earlier by as much; what would leave the day goes from the beginning to the end. */
export function shifted(parts: readonly Part[], by: number): Part[] {
  const to = (clock: string | null) => {
    const minutes = clock === null ? -1 : clockMinutes(clock)! + by
    return minutes < 0 || minutes >= 24 * 60 ? null : clockText(minutes)
  }
  return parts.map((part) => ({ ...part, from: to(part.from), to: to(part.to) }))
}

export function partsOf(one: AppointmentDetailOut, clock: (at: string) => string): Part[] {
  const [first, last] = edges({
    ...one,
    employee: one.employee_id,
    chair: one.chair_id,
    date: null,
    before: one.buffer_before,
    after: one.buffer_after,
  })
  return one.segments.map(({ role, employee, chair, device, starts_at, ends_at }) => {
    const id = employee ?? chair ?? device ?? ''
    const main = (role === 'doctor' && id === one.employee_id) || (role === 'chair' && id === one.chair_id)
    return {
      role,
      who: main ? '' : id,
      from: Date.parse(starts_at) === first ? null : clock(starts_at),
      to: Date.parse(ends_at) === last ? null : clock(ends_at),
    }
  })
}
