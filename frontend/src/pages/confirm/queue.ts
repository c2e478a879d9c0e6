/** In which order people are called: the server says since when, the clock says whether it is time. */
import type { ConfirmationOut } from '@/api/generated'

export type By = 'phone' | 'doctor'
export type Row = Pick<
  ConfirmationOut,
  | 'id'
  | 'status'
  | 'moved_from'
  | 'starts_at'
  | 'family'
  | 'due_at'
  | 'last'
  | 'employee_id'
  | 'employee_name'
  | 'in_call_by_id'
>

export interface Group<One> {
  key: string
  rows: One[]
}

/** Still to be reached: not confirmed, or confirmed for another time than it is now. */
export const isOpen = ({ status, moved_from }: Pick<Row, 'status' | 'moved_from'>): boolean =>
  status === 'booked' || moved_from !== null

/** Whoever asked for it at this time, whoever did not answer, whoever was never called, and then those who wait. Nobody is
 * asked first whether he will come when his time has begun. */
function rank(row: Row, now: number): number {
  const { due_at, last } = row
  if (!isOpen(row)) return 5
  if (Date.parse(row.starts_at) <= now) return 4
  if (!due_at) return 2
  if (Date.parse(due_at) > now) return 3
  return last?.result === 'call_back' ? 0 : 1
}

export function inTurn<One extends Row>(rows: readonly One[], now: number): One[] {
  const since = (row: Row) => (isOpen(row) && row.due_at) || row.starts_at
  return [...rows].sort(
    (a, b) =>
      rank(a, now) - rank(b, now) ||
      Date.parse(since(a)) - Date.parse(since(b)) ||
      Date.parse(a.starts_at) - Date.parse(b.starts_at) ||
      a.id.localeCompare(b.id),
  )
}

/** Whom the keys go on to: while there are others, nobody whom a colleague is calling just now. */
export function nextOf<One extends Row>(people: readonly One[], row: One, me?: string): One | undefined {
  const index = people.indexOf(row)
  const others = [...people.slice(index + 1), ...people.slice(0, index)]
  const left = others.filter(isOpen)
  return left.find((one) => !one.in_call_by_id || one.in_call_by_id === me) ?? left[0] ?? others[0]
}

/** One telephone is one call, at the turn of whoever of the family comes first; doctors stand in the alphabet. */
export function grouped<One extends Row>(rows: readonly One[], by: By, now: number): Group<One>[] {
  const groups = new Map<string, Group<One>>()
  for (const row of inTurn(rows, now)) {
    const key = by === 'phone' ? row.family : row.employee_id
    const group = groups.get(key) ?? { key, rows: [] }
    group.rows.push(row)
    groups.set(key, group)
  }
  const all = [...groups.values()]
  if (by === 'phone') return all
  return all.sort((a, b) => a.rows[0]!.employee_name.localeCompare(b.rows[0]!.employee_name))
}

export interface Progress {
  all: number
  confirmed: number
  left: number
  declined: number
}

/** Whoever has come by now was expected after all. */
export function progress(rows: readonly Pick<Row, 'status' | 'moved_from'>[]): Progress {
  const left = rows.filter(isOpen).length
  const declined = rows.filter(({ status }) => status === 'canceled').length
  return { all: rows.length, confirmed: rows.length - left - declined, left, declined }
}
