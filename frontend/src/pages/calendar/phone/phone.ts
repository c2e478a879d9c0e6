/** A doctor's day as a list: what stands in it, the room between, and where now is. */
import type { Card, Column, Pause } from '../grid/cards'
import { without } from '../grid/grid'

export type Line =
  | { kind: 'card'; key: string; start: number; end: number; card: Card }
  | { kind: 'pause'; key: string; start: number; end: number; pause: Pause }
  | { kind: 'free'; key: string; start: number; end: number }
  | { kind: 'now' | 'end'; key: string; start: number; end?: undefined }

const WORTH = 15

export function linesOf(column: Column, now: number | null): Line[] {
  const taken = [...column.cards.filter(({ gone }) => !gone), ...column.pauses]
  const lines: Line[] = [
    ...column.cards.map((card) => ({ kind: 'card', key: card.id, ...span(card), card }) as const),
    ...column.pauses.map((pause) => ({ kind: 'pause', key: pause.id, ...span(pause), pause }) as const),
    ...column.shifts
      .flatMap((shift) => without(shift, taken))
      .filter(({ start, end }) => end - start >= WORTH)
      .map((free) => ({ kind: 'free', key: `f${free.start}`, ...span(free) }) as const),
  ]
  const over = Math.max(...column.shifts.map(({ end }) => end), -1)
  if (over >= 0) lines.push({ kind: 'end', key: 'end', start: over })
  if (now !== null && lines.length) lines.push({ kind: 'now', key: 'now', start: now })
  const order = { now: 0, card: 1, pause: 2, free: 3, end: 4 }
  return lines.sort((a, b) => a.start - b.start || order[a.kind] - order[b.kind])
}

function span({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end }
}
