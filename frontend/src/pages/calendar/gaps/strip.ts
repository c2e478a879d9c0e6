/** A doctor's day as a strip: where each thing lies on it in per cent, now and afterwards. */
import type { BlockedOut, DoctorPlanOut, PlannedOut, StretchOut } from '@/api/generated'
import { momentOf, type Scale, scaleOf, spanOf } from '../grid/grid'

interface Lying extends StretchOut {
  key: string
  style: string
}

export interface Block extends Lying {
  item: PlannedOut
  /** Which of the moves it is, as in the list below; 0 stays. */
  move: number
}

export interface Strip {
  working: Lying[]
  blocked: (Lying & Pick<BlockedOut, 'kind'>)[]
  blocks: Block[]
  /** Free time that is long enough to be of use. */
  useful: (Lying & { minutes: number })[]
}

/** One axis for all doctors, so that the same hour stands over the same hour. */
export function axisOf(employees: readonly DoctorPlanOut[]): Scale | null {
  const all = employees.flatMap(({ working, items }) => [...working, ...items, ...items.map(afterwards)])
  if (!all.length) return null
  const first = Math.min(...all.map(({ starts_at }) => Date.parse(starts_at)))
  const last = Math.max(...all.map(({ ends_at }) => Date.parse(ends_at)))
  return scaleOf(new Date(first).toISOString(), new Date(last).toISOString())
}

export function hoursOf(scale: Scale): Lying[] {
  return Array.from({ length: scale.length / 60 }, (_, hour) =>
    lying({ starts_at: momentOf(scale, hour * 60), ends_at: momentOf(scale, (hour + 1) * 60) }, scale),
  )
}

/** Those that move, in the order of the day; their numbers are their places in it. */
export function movesOf({ items }: Pick<DoctorPlanOut, 'items'>): PlannedOut[] {
  return items.filter(({ shift }) => shift)
}

export function stripsOf(plan: DoctorPlanOut, scale: Scale): { now: Strip; then: Strip } {
  const numbers = new Map(movesOf(plan).map(({ id }, index) => [id, index + 1]))
  const lie = <T extends StretchOut>(one: T) => ({ ...one, ...lying(one, scale) })

  function strip(when: (item: PlannedOut) => StretchOut, stretches: readonly StretchOut[]): Strip {
    return {
      working: plan.working.map(lie),
      blocked: plan.blocked.map(lie),
      blocks: plan.items.map((item) => ({
        ...lying(when(item), scale),
        key: item.id,
        item,
        move: numbers.get(item.id) ?? 0,
      })),
      useful: stretches.map((one) => ({ ...lie(one), minutes: minutesIn(one) })),
    }
  }

  return {
    now: strip((item) => item, plan.before.stretches),
    then: strip(afterwards, plan.after.stretches),
  }
}

const afterwards = ({ to_starts_at, to_ends_at }: PlannedOut): StretchOut => ({
  starts_at: to_starts_at,
  ends_at: to_ends_at,
})

const minutesIn = ({ starts_at, ends_at }: StretchOut) =>
  (Date.parse(ends_at) - Date.parse(starts_at)) / 60_000

function lying({ starts_at, ends_at }: StretchOut, scale: Scale): Lying {
  const { start, end } = spanOf(scale, { starts_at, ends_at })
  const part = (minutes: number) => `${+((minutes / scale.length) * 100).toFixed(3)}%`
  const style = `inset-inline-start:${part(start)};width:${part(end - start)}`
  return { key: `${starts_at} ${ends_at}`, starts_at, ends_at, style }
}
