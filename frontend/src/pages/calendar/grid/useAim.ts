/** What the pointer points at: columns and minutes of the grid as it is scrolled, and the scrolling at its edges. */
import type { Ref } from 'vue'
import type { Day } from './cards'
import { clamp, type Edge, LINE, minutesAt, overlaps, snapped } from './grid'

/** How near to the edge of the grid a carried card scrolls it. */
const NEAR = 36
/** How near to the edge of a card a press pulls it, and how tall the card must be to have an upper one. */
const GRIP = 6
const TALL = 26

/** Which edge of the card is pressed, if one is. The last minutes of a short card are its lower one. */
export function edgeAt(element: HTMLElement, y: number): Edge | null {
  const { top, bottom, height } = element.getBoundingClientRect()
  if (bottom - y <= Math.min(GRIP, height / 4)) return 'end'
  return height >= TALL && y - top <= GRIP ? 'start' : null
}

export function useAim(area: Readonly<Ref<HTMLElement | null>>, day: () => Day | null) {
  let columns: DOMRect[] = []

  function measure(): void {
    if (!area.value) return
    columns = [...area.value.querySelectorAll('[data-column]')].map((one) => one.getBoundingClientRect())
  }

  function columnAt(x: number, nearest = false): number {
    const found = columns.findIndex(({ left, right }) => left <= x && x < right)
    if (found >= 0 || !nearest || !columns.length) return found
    return x < columns[0]!.left ? 0 : columns.length - 1
  }

  const minuteAt = (y: number): number => minutesAt(y - (columns[0]?.top ?? 0), day()?.scale.hour)

  /** The place between two lines under the pointer, or the five minutes after whatever ends inside it. */
  function startOf(column: number, minute: number): number {
    const cards = day()?.columns[column]?.cards ?? []
    const { step: line = LINE, length = 0 } = day()?.scale ?? {}
    const start = clamp(Math.floor(minute / line) * line, 0, length - line)
    const inside = cards.filter((card) => !card.gone && overlaps(card, { start, end: start + line }))
    const ends = inside.map(({ end }) => end).filter((end) => end <= minute + 1)
    return ends.length ? snapped(Math.max(...ends)) : start
  }

  /** True while it scrolls, so that the ghost follows without the pointer moving. */
  function scrollAtEdge({ clientX, clientY }: PointerEvent): boolean {
    const box = area.value?.closest<HTMLElement>('[data-scroller]')
    if (!box) return false
    const rect = box.getBoundingClientRect()
    const over = (at: number, low: number, high: number) =>
      at < low + NEAR ? at - low - NEAR : at > high - NEAR ? at - high + NEAR : 0
    const [left, top] = [box.scrollLeft, box.scrollTop]
    box.scrollLeft += over(clientX, rect.left + 42, rect.right) / 4
    box.scrollTop += over(clientY, rect.top + 68, rect.bottom) / 4
    if (box.scrollLeft === left && box.scrollTop === top) return false
    measure()
    return true
  }

  return { measure, columnAt, minuteAt, startOf, scrollAtEdge }
}
