/** The nearest time that is free: the days on the screen say where it seems so, the server says where it is. */
import { type DayOut, slotsList, type SlotOut, specialitiesList } from '@/api/generated'
import { addDays } from './dates'
import { firstFree, minutesOf, momentOf, scaleOf, type Span, spanOf } from './grid/grid'
import { isGone } from './grid/cards'

/** Days that are looked through. */
const FAR = 30
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

export async function findFirstFree({
  branches,
  from,
  doctor,
  speciality,
}: Wanted): Promise<SlotOut | undefined> {
  const query = {
    branch: branches.join(','),
    from,
    to: addDays(from, FAR),
    minutes: LENGTH,
    limit: 1,
    ...(doctor ? { employee: doctor } : {}),
    ...(speciality ? { speciality: await specialityOf(speciality) } : {}),
  }
  return (await slotsList({ query })).data.items[0]
}

/** Its id; the columns of a day know the name. */
async function specialityOf(name: string): Promise<string | undefined> {
  const { data } = await specialitiesList({ query: { size: 200 } })
  return data.items.find((one) => one.name === name)?.id
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
