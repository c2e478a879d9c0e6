/** The nearest time that is free with one of these doctors: the days say where to look, the server says when. */
import { appointmentsDay, appointmentsFree, type DayOut } from '@/api/generated'
import { addDays } from './dates'
import { firstFree, minutesOf, momentOf, scaleOf, type Span, spanOf } from './grid/grid'
import { isGone } from './grid/cards'

/** Days that are looked through. */
const FAR = 14
const LENGTH = 30

export interface Wanted {
  branches: readonly string[]
  from: string
  doctor: string | null
  speciality?: string
}

/** Where a day seems to have room. */
export interface Hope {
  day: DayOut
  employee: string
  at: number
}

export interface Found {
  branch: string
  date: string
  employee: string
  starts_at: string
  zone: string
}

export async function findFirstFree({ branches, from, doctor, speciality }: Wanted): Promise<Found | null> {
  for (let ahead = 0; ahead < FAR; ahead++) {
    const date = addDays(from, ahead)
    const days = await Promise.all(
      branches.map(async (branch) => (await appointmentsDay({ query: { branch, date } })).data),
    )
    for (const { day, employee } of hopes(days, doctor, speciality)) {
      const query = { branch: day.branch_id, date, employee, minutes: LENGTH }
      const { data } = await appointmentsFree({ query })
      const first = data.items.find(({ starts_at }) => Date.parse(starts_at) >= Date.now())
      if (first) {
        return { branch: day.branch_id, date, employee, starts_at: first.starts_at, zone: day.timezone }
      }
    }
  }
  return null
}

/** Who seems to have room on these days, and since when; the soonest first. */
export function hopes(days: readonly DayOut[], doctor: string | null, speciality?: string): Hope[] {
  return days.flatMap((day) => hopesOf(day, doctor, speciality)).sort((a, b) => a.at - b.at)
}

function hopesOf(day: DayOut, doctor: string | null, speciality?: string): Hope[] {
  const scale = scaleOf(day.begins_at, day.ends_at)
  const from = Math.max(0, minutesOf(scale, Date.now()))
  const taken = (employee: string): Span[] =>
    [...day.items.filter(({ status }) => !isGone(status)), ...day.breaks]
      .filter(({ employee_id }) => employee_id === employee)
      .map((one) => spanOf(scale, one))
  return day.columns
    .filter((one) => !doctor || one.employee_id === doctor)
    .filter((one) => !speciality || one.speciality === speciality)
    .flatMap(({ employee_id: employee, shifts }) => {
      const spans = shifts.map((shift) => spanOf(scale, shift))
      const free = firstFree(spans, taken(employee), from, LENGTH)
      return free ? [{ day, employee, at: Date.parse(momentOf(scale, free.start)) }] : []
    })
}
