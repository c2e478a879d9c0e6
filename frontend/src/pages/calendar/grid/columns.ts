/** Columns of the grid: doctors of one day or of several branches, chairs, or the days of one doctor. */
import type { AppointmentOut, BreakOut, ColumnOut, DayOut } from '@/api/generated'
import { momentIn } from '../dates'
import {
  box,
  type Card,
  cardsOf,
  type Column,
  type Day,
  type Head,
  type Pause,
  type Reserved,
  type Words,
} from './cards'
import { aligned, merged, scaleOf, type Scale, type Span, spanOf, without } from './grid'

export interface Chair {
  id: string
  name: string
  room: string
}

export interface Drawing {
  words: Words
  /** Minutes between two lines, and height of an hour. */
  step?: number
  hour?: number
  /** Of the doctor: another one's column is left out. */
  speciality?: string
  /** Of a card: those refused recede, or are left out. */
  isSought?: (item: AppointmentOut) => boolean
  hides?: boolean
}

/** One day and its scale. */
interface Drawn {
  day: DayOut
  scale: Scale
  items: readonly AppointmentOut[]
}

/** A day by doctor. Several of them stand side by side. */
export function doctorsOf(days: readonly DayOut[], drawing: Drawing): Day {
  const drawn = scaled(days, drawing)
  const columns = drawn.flatMap(({ day, scale, items }) => {
    const own = grouped(items, (item) => item.employee_id)
    return day.columns
      .filter(({ speciality }) => !drawing.speciality || speciality === drawing.speciality)
      .map((doctor) =>
        doctorColumn(
          days.length > 1 ? `${day.branch_id} ${doctor.employee_id}` : doctor.employee_id,
          doctor,
          { day, scale, items: own.get(doctor.employee_id) ?? [] },
          drawing,
        ),
      )
  })
  return gathered(drawn, columns)
}

/** Days of one doctor. A day when he is not here has an empty column. */
export function daysOf(
  days: readonly DayOut[],
  employee: string,
  named: (day: DayOut) => Pick<Head, 'name' | 'initials' | 'speciality'>,
  drawing: Drawing,
): Day {
  const drawn = scaled(days, drawing)
  const known = days.flatMap(({ columns }) => columns).find(({ employee_id }) => employee_id === employee)
  const columns = drawn.map(({ day, scale, items }) => {
    const doctor = day.columns.find(({ employee_id }) => employee_id === employee) ?? absent(employee, known)
    const own = items.filter((item) => item.employee_id === employee)
    const column = doctorColumn(day.date, doctor, { day, scale, items: own }, drawing)
    return { ...column, head: { ...doctor, ...named(day) } }
  })
  return gathered(drawn, columns)
}

/** A day by chair; the last column has those whom no chair was given. */
export function chairsOf(
  day: DayOut,
  chairs: readonly Chair[],
  names: { without: string },
  drawing: Drawing,
): Day {
  const drawn = scaled([day], drawing)
  const { scale, items } = drawn[0]!
  const doctors = day.columns.filter(
    ({ speciality }) => !drawing.speciality || speciality === drawing.speciality,
  )
  const shown = new Set(doctors.map(({ employee_id }) => employee_id))
  const own = grouped(
    items.filter(({ employee_id }) => shown.has(employee_id)),
    (item) => item.chair_id ?? '',
  )
  const columns = chairs.map((chair): Column => {
    const workers = doctors.filter(({ shifts }) => shifts.some(({ chair_id }) => chair_id === chair.id))
    const head = {
      ...headOf(chair.name, workers.map(({ name }) => name).join(', ')),
      room: chair.room,
      shifts: workers.flatMap(({ shifts }) => shifts.filter(({ chair_id }) => chair_id === chair.id)),
    }
    return column(chair.id, { employee: '', chair: chair.id }, head, own.get(chair.id) ?? [])
  })
  const rest = own.get('') ?? []
  if (rest.length)
    columns.push(column('none', { employee: '', chair: null }, headOf(names.without, ''), rest))
  return gathered(drawn, columns)

  function column(
    id: string,
    place: { employee: string; chair: string | null },
    head: Head,
    its: readonly AppointmentOut[],
  ): Column {
    const workers = doctors.filter(({ shifts }) => shifts.some((shift) => head.shifts.includes(shift)))
    const kept = (employee: string) => reservesOf(day, employee, scale)
    const rests = (pause: BreakOut) => workers.some(({ employee_id }) => employee_id === pause.employee_id)
    const pauses = day.breaks.filter(
      (pause) => place.chair && (rests(pause) || holdsChair(pause, place.chair, head)),
    )
    const shifts = merged(head.shifts.map((shift) => spanOf(scale, shift)))
    const cards = cardsOf(its, scale, day.timezone, drawing.words, dimmer(drawing))
    const working = shifts.reduce((sum, { start, end }) => sum + end - start, 0)
    const booked = cards.reduce((sum, { gone, start, end }) => sum + (gone ? 0 : end - start), 0)
    return {
      id,
      place: { branch: day.branch_id, date: day.date, ...place },
      head,
      scale,
      zone: day.timezone,
      shifts,
      off: id === 'none' ? [] : without({ start: 0, end: scale.length }, shifts),
      pauses: pausesOf(pauses, scale),
      reserves: place.chair
        ? [...new Map(workers.flatMap((one) => kept(one.employee_id)).map((one) => [one.id, one])).values()]
        : [],
      cards,
      load: working ? Math.round((booked / working) * 100) : null,
    }
  }
}

/** Who works at this chair at that moment. */
export function workerAt(day: DayOut, chair: string, moment: number): string | undefined {
  return day.columns.find(({ shifts }) =>
    shifts.some(
      ({ chair_id, starts_at, ends_at }) =>
        chair_id === chair && Date.parse(starts_at) <= moment && moment < Date.parse(ends_at),
    ),
  )?.employee_id
}

function doctorColumn(id: string, doctor: ColumnOut, { day, scale, items }: Drawn, drawing: Drawing): Column {
  const shifts = doctor.shifts.map((shift) => spanOf(scale, shift))
  const pauses = day.breaks.filter(
    (pause) =>
      pause.employee_id === doctor.employee_id ||
      doctor.shifts.some(({ chair_id }) => chair_id && holdsChair(pause, chair_id, doctor)),
  )
  return {
    id,
    place: { branch: day.branch_id, date: day.date, employee: doctor.employee_id },
    head: doctor,
    scale,
    zone: day.timezone,
    shifts,
    off: without({ start: 0, end: scale.length }, shifts),
    pauses: pausesOf(pauses, scale),
    reserves: reservesOf(day, doctor.employee_id, scale),
    cards: cardsOf(items, scale, day.timezone, drawing.words, dimmer(drawing)),
    load: doctor.shift_minutes ? Math.round((doctor.load_minutes / doctor.shift_minutes) * 100) : null,
  }
}

function scaled(days: readonly DayOut[], { step, hour, hides, isSought }: Drawing): Drawn[] {
  const scales = days.map((day) => scaleOf(day.begins_at, day.ends_at, step, hour))
  const midnights = days.map((day) => Date.parse(momentIn(day.date, '00:00', day.timezone)))
  const together = days.length > 1 ? aligned(scales, midnights) : scales
  return days.map((day, index) => ({
    day,
    scale: together[index]!,
    items: hides && isSought ? day.items.filter(isSought) : day.items,
  }))
}

function gathered(drawn: readonly Drawn[], columns: Column[]): Day {
  const byId = new Map<string, Card>()
  for (const { cards } of columns) for (const card of cards) byId.set(card.id, card)
  return { scale: drawn[0]!.scale, columns, byId }
}

const dimmer = ({ isSought }: Drawing) => isSought && ((item: AppointmentOut) => !isSought(item))

function pausesOf(pauses: readonly BreakOut[], scale: Scale): Pause[] {
  return pauses.map((pause) => {
    const span: Span = spanOf(scale, pause)
    return { ...span, id: pause.id, pause, style: box(span, scale.hour) }
  })
}

/** Those of the doctor, and everybody's. */
function reservesOf(day: DayOut, employee: string, scale: Scale): Reserved[] {
  return day.reserves
    .filter(({ employee_id }) => !employee_id || employee_id === employee)
    .map((reserve) => {
      const span: Span = spanOf(scale, reserve)
      return { ...span, id: reserve.id, reserve, style: box(span, scale.hour) }
    })
}

function holdsChair(pause: BreakOut, chair: string, { shifts }: Head): boolean {
  const room = shifts.find(({ chair_id }) => chair_id === chair)?.room_id
  return pause.chair_id === chair || (pause.room_id !== null && pause.room_id === room)
}

const headOf = (name: string, speciality: string): Head => ({
  name,
  speciality,
  initials: '',
  color: 'var(--line-3)',
  room: '',
  shifts: [],
})

function absent(employee: string, known?: ColumnOut): ColumnOut {
  return {
    ...headOf(known?.name ?? '', known?.speciality ?? ''),
    employee_id: employee,
    color: known?.color ?? 'var(--line-3)',
    initials: known?.initials ?? '',
    load_minutes: 0,
    shift_minutes: 0,
  }
}

function grouped<T>(things: readonly T[], by: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const group = groups.get(by(thing))
    if (group) group.push(thing)
    else groups.set(by(thing), [thing])
  }
  return groups
}
