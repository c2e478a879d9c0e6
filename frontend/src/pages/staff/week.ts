/** The weekly rota as a grid: people down, days across. */
import { clockMinutes, clockText } from '@/pages/calendar/dates'

export interface ShiftLike {
  employee: string
  weekday: number
  starts: string
  ends: string
  valid_from: string
  valid_to: string | null
  cycle_weeks: number
  cycle_week: number
}

// Of two weeks the one of this Monday has number 0.
const FIRST_MONDAY = Date.parse('2024-01-01')
const WEEK = 7 * 24 * 3_600_000

/** Which of two weeks a day lies in. */
export function cycleWeek(day: string): 0 | 1 {
  return (Math.abs(Math.floor((Date.parse(day) - FIRST_MONDAY) / WEEK)) % 2) as 0 | 1
}

/** Is a shift in force on this day of its weekday? */
export function inForce(shift: ShiftLike, day: string): boolean {
  const turn = shift.cycle_weeks === 1 || shift.cycle_week === cycleWeek(day)
  return turn && shift.valid_from <= day && (shift.valid_to === null || shift.valid_to >= day)
}

export interface Cell<Shift> {
  day: string
  shifts: Shift[]
}

export interface Line<Person, Shift> {
  person: Person
  cells: Cell<Shift>[]
  minutes: number
}

/** `days` are Monday to Sunday. Who treats comes first, as in the calendar; the names are already in order. */
export function grid<Person extends { id: string; position: { treats: boolean } }, Shift extends ShiftLike>(
  people: readonly Person[],
  shifts: readonly Shift[],
  days: readonly string[],
): Line<Person, Shift>[] {
  const ordered = [...people].sort((a, b) => Number(b.position.treats) - Number(a.position.treats))
  return ordered.map((person) => {
    const own = shifts.filter(({ employee }) => employee === person.id)
    const cells = days.map((day, index) => ({
      day,
      shifts: own
        .filter((shift) => shift.weekday === index + 1 && inForce(shift, day))
        .sort((a, b) => a.starts.localeCompare(b.starts)),
    }))
    return {
      person,
      cells,
      minutes: cells.flatMap((cell) => cell.shifts).reduce((sum, one) => sum + length(one), 0),
    }
  })
}

export function length({ starts, ends }: Pick<ShiftLike, 'starts' | 'ends'>): number {
  return (clockMinutes(ends) ?? 0) - (clockMinutes(starts) ?? 0)
}

/** `9`, `930`, `9:30` → `09:30`; null when it is no time. */
export function readTime(text: string): string | null {
  const minutes = clockMinutes(text)
  return minutes === null ? null : clockText(minutes)
}

/** 450 → `7,5`. */
export function hours(minutes: number): string {
  return String(Math.round(minutes / 6) / 10).replace('.', ',')
}

const NEW = 'new'

/** A new shift stands in the address as `new.<person>.<day>`. */
export function newShift(person: string, day: string): string {
  return [NEW, person, day].join('.')
}

export function readNew(id: string | null): { person: string; day: string } | null {
  const [word, person, day] = id?.split('.') ?? []
  return word === NEW && person && day ? { person, day } : null
}

/** What stays as it is: rows that are not among those the person may choose from. */
export function beyond(chosen: readonly string[], options: readonly { value: string }[]): string[] {
  return chosen.filter((id) => !options.some(({ value }) => value === id))
}
