/** Where the arrows lead: among the cards of a column, the empty quarters between them, and to the columns beside. */
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
): Stop {
  if (to === 'left' || to === 'right') {
    const column = from.column + (to === 'left' ? -1 : 1)
    return columns[column] ? stopAt(columns[column], column, from.start, length) : from
  }
  const cards = columns[from.column] ?? []
  return to === 'down' ? below(cards, from, length) : above(cards, from)
}

/** The card that stands at this minute, or the empty quarter around it. */
export function stopAt(cards: readonly Stand[], column: number, at: number, length: number): Stop {
  const card = cards.find(({ start, end }) => start <= at && at < end)
  if (card) return { column, ...card }
  const before = Math.max(0, ...cards.filter(({ end }) => end <= at).map(({ end }) => end))
  const after = Math.min(length, ...cards.filter(({ start }) => start > at).map(({ start }) => start))
  const start = Math.max(Math.floor(at / LINE) * LINE, before)
  return { column, start, end: Math.min(Math.floor(start / LINE) * LINE + LINE, after) }
}

function below(cards: readonly Stand[], from: Stop, length: number): Stop {
  const index = cards.findIndex(({ id }) => id === from.id)
  const next = index >= 0 ? cards[index + 1] : cards.find(({ start }) => start >= from.end)
  if (next && next.start <= from.end) return { column: from.column, ...next }
  if (from.end >= length) return from
  const end = Math.floor(from.end / LINE) * LINE + LINE
  return { column: from.column, start: from.end, end: Math.min(end, next?.start ?? length, length) }
}

function above(cards: readonly Stand[], from: Stop): Stop {
  const index = cards.findIndex(({ id }) => id === from.id)
  const earlier = index >= 0 ? cards.slice(0, index) : cards.filter(({ end }) => end <= from.start)
  const previous = earlier.at(-1)
  if (previous && previous.end >= from.start) return { column: from.column, ...previous }
  if (from.start <= 0) return from
  const start = Math.ceil(from.start / LINE) * LINE - LINE
  return { column: from.column, start: Math.max(start, previous?.end ?? 0, 0), end: from.start }
}
