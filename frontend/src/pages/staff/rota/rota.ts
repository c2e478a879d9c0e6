/** A month of the rota as a grid: people down, days across; and what one chooses in it. */
import type {
  PaintInRequest,
  RotaAbsenceOut,
  RotaDayOut,
  RotaOut,
  RotaSpanOut,
} from '@/api/generated/types.gen'
import { addDays, monthFrom } from '@/pages/calendar/dates'

export interface Point {
  line: number
  column: number
}

/** From where the choice began to where it has come; both ends belong to it. */
export interface Area {
  from: Point
  to: Point
}

export interface Chosen {
  people: string[]
  dates: string[]
}

export function monthDays(day: string): string[] {
  return daysBetween(monthFrom(day, 0), addDays(monthFrom(day, 1), -1))
}

/** Both ends belong to it. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = []
  for (let one = first; one <= last; one = addDays(one, 1)) days.push(one)
  return days
}

const sorted = (one: number, other: number): [number, number] => (one < other ? [one, other] : [other, one])

export function holds(area: Area | null, line: number, column: number): boolean {
  if (!area) return false
  const [top, bottom] = sorted(area.from.line, area.to.line)
  const [first, last] = sorted(area.from.column, area.to.column)
  return line >= top && line <= bottom && column >= first && column <= last
}

export function chosenOf(area: Area | null, people: readonly string[], days: readonly string[]): Chosen {
  if (!area) return { people: [], dates: [] }
  const [top, bottom] = sorted(area.from.line, area.to.line)
  const [first, last] = sorted(area.from.column, area.to.column)
  return { people: people.slice(top, bottom + 1), dates: days.slice(first, last + 1) }
}

/** A step with the keyboard that stays inside of the grid. */
export function step(point: Point, key: string, lines: number, columns: number): Point | null {
  const moves: Record<string, Point> = {
    ArrowUp: { line: point.line - 1, column: point.column },
    ArrowDown: { line: point.line + 1, column: point.column },
    ArrowLeft: { line: point.line, column: point.column - 1 },
    ArrowRight: { line: point.line, column: point.column + 1 },
    Home: { line: point.line, column: 0 },
    End: { line: point.line, column: columns - 1 },
  }
  const next = moves[key]
  if (!next) return null
  return {
    line: Math.min(Math.max(next.line, 0), lines - 1),
    column: Math.min(Math.max(next.column, 0), columns - 1),
  }
}

export type Mark = 'template' | 'rota_day' | 'substitution' | 'off' | 'none'

export interface Shown {
  here: RotaSpanOut[]
  elsewhere: RotaSpanOut[]
  mark: Mark
}

/** What a cell shows: the hours in this branch, those in others, and why. */
export function shown(day: RotaDayOut | undefined, branch: string): Shown {
  const here = day?.spans.filter((one) => one.branch_id === branch) ?? []
  const elsewhere = day?.spans.filter((one) => one.branch_id !== branch) ?? []
  const got = here.find((one) => one.source === 'substitution')
  const mark: Mark = got ? 'substitution' : here.length ? here[0]!.source : day?.is_off ? 'off' : 'none'
  return { here, elsewhere, mark }
}

/** `09:00` → `9`, `09:30` → `9` and `30`, which stands above. */
export function brief(clock: string): [hour: string, minutes: string] {
  const [hour = '', minutes = ''] = clock.replace(/^0/, '').split(':')
  return [hour, minutes === '00' ? '' : minutes]
}

export function absenceOn(
  absences: readonly RotaAbsenceOut[],
  person: string,
  day: string,
): RotaAbsenceOut | undefined {
  return absences.find((one) => one.employee_id === person && one.first_day <= day && one.last_day >= day)
}

/**
 * What to paint so that these days are again as they were; null when the answer of the server does not tell it all
 * (hours hidden by leave, or given to a substitute).
 */
export function undoing(rota: RotaOut, { people, dates }: Chosen): PaintInRequest[] | null {
  const groups = new Map<string, PaintInRequest>()
  for (const person of people) {
    const days = rota.employees.find((one) => one.employee_id === person)?.days ?? []
    for (const date of dates) {
      const day = days.find((one) => one.date === date)
      const spans = (day?.spans ?? [])
        .filter((one) => one.branch_id === rota.branch_id && one.source === 'rota_day')
        .map((one) => ({ starts: one.starts, ends: one.ends, room: one.room_id, chair: one.chair_id }))
      const what = !day?.is_exception ? 'template' : day.is_off ? 'off' : 'hours'
      if (what === 'hours' && !spans.length) return null
      const key = JSON.stringify([person, what, what === 'hours' ? spans : []])
      const group = groups.get(key) ?? {
        branch: rota.branch_id,
        employees: [person],
        dates: [],
        what,
        ...(what === 'hours' ? { spans } : {}),
      }
      group.dates.push(date)
      groups.set(key, group)
    }
  }
  return [...groups.values()]
}

/** How often a stretch fits from the day after it to the end of its month; at least once, at most twelve times. */
export function timesToEnd(dates: readonly string[]): number {
  const last = dates.at(-1)
  if (!last) return 1
  const left = monthDays(last).filter((day) => day > last).length
  return Math.min(Math.max(Math.floor(left / dates.length), 1), 12)
}
