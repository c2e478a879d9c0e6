/** A day as a list: what stands in it, the room between, for whom hours are kept, and where now is. */
import type { Card, Column, Head, Pause, Reserved } from '../grid/cards'
import { type Span, without } from '../grid/grid'

interface At extends Span {
  key: string
  /** Whose it is, where several are listed together. */
  who?: Head
}

export type Line =
  | (At & { kind: 'card'; card: Card })
  | (At & { kind: 'pause'; pause: Pause })
  | (At & { kind: 'reserve'; reserve: Reserved })
  | (At & { kind: 'free'; kept?: Reserved })
  | { kind: 'now' | 'end'; key: string; start: number; end?: undefined; who?: undefined }

const WORTH = 15
const ORDER = { now: 0, reserve: 1, card: 2, pause: 3, free: 4, end: 5 }

/** The day of one doctor, or of one chair. */
export function linesOf(column: Column, now: number | null): Line[] {
  const lines = [...standing(column), ...freeOf(column)]
  const over = Math.max(...column.shifts.map(({ end }) => end), -1)
  if (over >= 0) lines.push({ kind: 'end', key: 'end', start: over })
  return ordered(lines, now)
}

/** The day of everybody: what stands in it, by time. What concerns all of them is said once. */
export function togetherOf(columns: readonly Column[], now: number | null): Line[] {
  const lines = columns.flatMap((column) => standing(column, column.head))
  return ordered([...new Map(lines.map((line) => [line.key, line])).values()], now)
}

function standing({ cards, pauses, reserves }: Column, head?: Head): Line[] {
  const whose = (employee: string | null) => (employee ? head : undefined)
  return [
    ...cards.map((card) => ({ kind: 'card', key: card.id, ...span(card), card, who: head }) as const),
    ...pauses.map(
      (pause) =>
        ({
          kind: 'pause',
          key: pause.id,
          ...span(pause),
          pause,
          who: whose(pause.pause.employee_id),
        }) as const,
    ),
    ...reserves.map(
      (reserve) =>
        ({
          kind: 'reserve',
          key: reserve.id,
          ...span(reserve),
          reserve,
          who: whose(reserve.reserve.employee_id),
        }) as const,
    ),
  ]
}

/** Room worth telling; where hours are kept for some it is told apart. */
function freeOf({ cards, pauses, shifts, reserves }: Column): Line[] {
  const taken = [...cards.filter(({ gone }) => !gone), ...pauses]
  const gaps = shifts.flatMap((shift) => without(shift, taken))
  const kept = reserves.flatMap((reserve) =>
    gaps.map((gap) => ({ ...common(gap, reserve), kept: reserve as Reserved | undefined })),
  )
  const open = gaps.flatMap((gap) => without(gap, reserves)).map((gap) => ({ ...gap, kept: undefined }))
  return [...kept, ...open]
    .filter(({ start, end }) => end - start >= WORTH)
    .map(({ start, end, kept }) => ({ kind: 'free', key: `f${start}`, start, end, kept }))
}

function ordered(lines: Line[], now: number | null): Line[] {
  if (now !== null && lines.length) lines.push({ kind: 'now', key: 'now', start: now })
  return lines.sort((a, b) => a.start - b.start || ORDER[a.kind] - ORDER[b.kind])
}

const span = ({ start, end }: Span): Span => ({ start, end })

const common = (one: Span, other: Span): Span => ({
  start: Math.max(one.start, other.start),
  end: Math.min(one.end, other.end),
})
