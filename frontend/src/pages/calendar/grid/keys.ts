/** Where the arrows lead: among the cards of a column, the empty places between them, and to the columns beside. */
import { LINE, type Span } from './grid'

export interface Stop extends Span {
  column: number
  /** Of the card; an empty place has none. */
  id?: string
}

export interface Stand extends Span {
  id: string
}

export type Direction = 'up' | 'down' | 'left' | 'right'

/** `columns` hold the cards of each doctor in order of their beginning. */
export function step(
  columns: readonly (readonly Stand[])[],
  from: Stop,
  to: Direction,
  length: number,
  line = LINE,
): Stop {
  if (to === 'left' || to === 'right') {
    const column = from.column + (to === 'left' ? -1 : 1)
    return columns[column] ? stopAt(columns[column], column, from.start, length, line) : from
  }
  const cards = columns[from.column] ?? []
  return to === 'down' ? below(cards, from, length, line) : above(cards, from, line)
}

/** The card that stands at this minute, or the empty place around it. */
export function stopAt(
  cards: readonly Stand[],
  column: number,
  at: number,
  length: number,
  line = LINE,
): Stop {
  const card = cards.find(({ start, end }) => start <= at && at < end)
  if (card) return { column, ...card }
  const before = Math.max(0, ...cards.filter(({ end }) => end <= at).map(({ end }) => end))
  const after = Math.min(length, ...cards.filter(({ start }) => start > at).map(({ start }) => start))
  const start = Math.max(Math.floor(at / line) * line, before)
  return { column, start, end: Math.min(Math.floor(start / line) * line + line, after) }
}

function below(cards: readonly Stand[], from: Stop, length: number, line: number): Stop {
  const index = cards.findIndex(({ id }) => id === from.id)
  const next = index >= 0 ? cards[index + 1] : cards.find(({ start }) => start >= from.end)
  if (next && next.start <= from.end) return { column: from.column, ...next }
  if (from.end >= length) return from
  const end = Math.floor(from.end / line) * line + line
  return { column: from.column, start: from.end, end: Math.min(end, next?.start ?? length, length) }
}

function above(cards: readonly Stand[], from: Stop, line: number): Stop {
  const index = cards.findIndex(({ id }) => id === from.id)
  const earlier = index >= 0 ? cards.slice(0, index) : cards.filter(({ end }) => end <= from.start)
  const previous = earlier.at(-1)
  if (previous && previous.end >= from.start) return { column: from.column, ...previous }
  if (from.start <= 0) return from
  const start = Math.ceil(from.start / line) * line - line
  return { column: from.column, start: Math.max(start, previous?.end ?? 0, 0), end: from.start }
}
