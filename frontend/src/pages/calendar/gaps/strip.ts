/** A doctor's day as a strip: where each thing lies on it in per cent, now and afterwards. */
import { minutesOf, momentOf, type Scale, scaleOf, type Span, spanOf, without } from '../grid/grid'
import type { GapEmployee, GapItem } from './contract'

interface Lying {
  key: string
  style: string
}

export interface Block extends Lying {
  item: GapItem
  /** Which of the moves it is, as in the list below; 0 stays. */
  move: number
  starts_at: string
  ends_at: string
}

export interface Blocked extends Lying {
  kind: string
  starts_at: string
  ends_at: string
}

/** Free time that is long enough to be of use. */
export interface Stretch extends Lying {
  minutes: number
}

export interface Strip {
  working: Lying[]
  blocked: Blocked[]
  blocks: Block[]
  useful: Stretch[]
}

/** One axis for all doctors, so that the same hour stands over the same hour. */
export function axisOf(employees: readonly GapEmployee[]): Scale | null {
  const all = employees.flatMap(({ working, items }) => [...working, ...items.flatMap(bothOf)])
  if (!all.length) return null
  const first = Math.min(...all.map(({ starts_at }) => Date.parse(starts_at)))
  const last = Math.max(...all.map(({ ends_at }) => Date.parse(ends_at)))
  return scaleOf(new Date(first).toISOString(), new Date(last).toISOString())
}

export function hoursOf(scale: Scale): { at: string; style: string }[] {
  return Array.from({ length: scale.length / 60 }, (_, hour) => ({
    at: momentOf(scale, hour * 60),
    style: lying({ start: hour * 60, end: hour * 60 + 60 }, scale),
  }))
}

/** Those that move, in the order of the day; their numbers are their places in it. */
export function movesOf({ items }: Pick<GapEmployee, 'items'>): GapItem[] {
  return items
    .filter(({ shift }) => shift)
    .sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || a.id.localeCompare(b.id))
}

/** `from`: what was free before that moment is of no use any more. */
export function stripsOf(
  employee: GapEmployee,
  scale: Scale,
  { least, from }: { least: number; from: number },
): { now: Strip; then: Strip } {
  const numbers = new Map(movesOf(employee).map(({ id }, index) => [id, index + 1]))
  const begins = minutesOf(scale, from)
  const working = employee.working.map((one) => spanOf(scale, one))
  const blocked = employee.blocked.map((one, index) => ({
    ...one,
    key: `${index}`,
    span: spanOf(scale, one),
  }))

  function strip(when: (item: GapItem) => { starts_at: string; ends_at: string }): Strip {
    const blocks = employee.items.map((item) => {
      const times = when(item)
      const span = spanOf(scale, times)
      return {
        key: item.id,
        item,
        move: numbers.get(item.id) ?? 0,
        ...times,
        span,
        style: lying(span, scale),
      }
    })
    const taken = [...blocks, ...blocked].map(({ span }) => span)
    const free = working.flatMap(({ start, end }) => without({ start: Math.max(start, begins), end }, taken))
    return {
      working: working.map((span) => ({ key: `${span.start}`, style: lying(span, scale) })),
      blocked: blocked.map(({ span, ...one }) => ({ ...one, style: lying(span, scale) })),
      blocks: blocks.map(({ span: _, ...one }) => one),
      useful: free
        .map((span) => ({ key: `${span.start}`, minutes: span.end - span.start, style: lying(span, scale) }))
        .filter(({ minutes }) => minutes >= least),
    }
  }

  return { now: strip((item) => bothOf(item)[0]), then: strip((item) => bothOf(item)[1]) }
}

function bothOf({ starts_at, ends_at, to_starts_at, to_ends_at }: GapItem) {
  return [
    { starts_at, ends_at },
    { starts_at: to_starts_at, ends_at: to_ends_at },
  ] as const
}

function lying({ start, end }: Span, { length }: Scale): string {
  const part = (minutes: number) => `${+((minutes / length) * 100).toFixed(3)}%`
  return `inset-inline-start:${part(start)};width:${part(end - start)}`
}
