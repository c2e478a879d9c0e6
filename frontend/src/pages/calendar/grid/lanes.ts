/**
 * Cards that overlap stand side by side. Those that hold no time any more (canceled, no show) give way: beside a live
 * card they shrink to a strip at its edge, alone they keep the full width.
 */
import { overlaps, type Span } from './grid'

export interface Laid extends Span {
  id: string
  gone: boolean
}

export interface Place {
  /** Lane among the live ones, and how many lanes there are. */
  lane: number
  lanes: number
  /** For a strip: its number from the edge, from 1. For the others: how many strips they leave room for. */
  strip: number
  isStrip: boolean
}

export function lanesOf(cards: readonly Laid[]): Map<string, Place> {
  const places = new Map<string, Place>()
  const live = cards.filter((card) => !card.gone)
  const gone = cards.filter((card) => card.gone)
  const strips = gone.filter((card) => live.some((other) => overlaps(card, other)))
  const alone = gone.filter((card) => !strips.includes(card))
  sideBySide(live, places)
  sideBySide(alone, places)
  for (const { card, lane } of rows(strips)) {
    places.set(card.id, { lane: 0, lanes: 1, strip: lane + 1, isStrip: true })
    for (const other of live) {
      const place = places.get(other.id)
      if (place && overlaps(card, other)) place.strip = Math.max(place.strip, lane + 1)
    }
  }
  return places
}

function sideBySide(cards: readonly Laid[], places: Map<string, Place>): void {
  let group: { card: Laid; lane: number }[] = []
  let end = -Infinity
  const close = () => {
    const lanes = Math.max(1, ...group.map(({ lane }) => lane + 1))
    for (const { card, lane } of group) places.set(card.id, { lane, lanes, strip: 0, isStrip: false })
    group = []
  }
  for (const row of rows(cards)) {
    if (row.card.start >= end) close()
    group.push(row)
    end = Math.max(end, row.card.end)
  }
  close()
}

/** Each card with the first lane that is free at its beginning. */
function rows(cards: readonly Laid[]): { card: Laid; lane: number }[] {
  const ends: number[] = []
  return [...cards]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((card) => {
      let lane = ends.findIndex((end) => end <= card.start)
      if (lane < 0) lane = ends.length
      ends[lane] = card.end
      return { card, lane }
    })
}
