/**
 * The pointer over the grid: press and carry a card, pull its lower edge, draw over an empty place, or just click.
 * One ghost follows; the cards themselves stay as they are until the drop. A finger must rest first, so that it can
 * still scroll.
 */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, type Ref, shallowRef } from 'vue'
import type { AppointmentOut } from '@/api/generated'
import { type Card, type Day, isMovable, obstacle } from './cards'
import { clamp, drawn, LINE, minutesAt, moved, overlaps, resized, snapped, type Span } from './grid'

export type DragMode = 'move' | 'resize' | 'draw'

export interface Ghost extends Span {
  mode: DragMode
  column: number
  id?: string
  /** By the arrows instead of the pointer. */
  byKeys?: boolean
  obstacle: 'busy' | 'off' | null
}

export interface Hooks {
  day: () => Day | null
  mayWrite: () => boolean
  /** A click on a card. */
  open: (id: string) => void
  /** An empty place was chosen: by a click (then without a length) or drawn. */
  book: (column: number, start: number, end?: number) => void
  drop: (item: AppointmentOut, column: number, span: Span, mode: DragMode) => void
}

const CLICK = 4
const REST = 350
const EDGE = 36
const DEFAULT = 30

interface Pressed {
  x: number
  y: number
  pointer: number
  column: number
  minute: number
  card: Card | null
  mode: DragMode
  /** Where inside the card it is held, in minutes. */
  hold: number
}

export function useDrag(area: Readonly<Ref<HTMLElement | null>>, hooks: Hooks) {
  const ghost = shallowRef<Ghost | null>(null)
  /** The empty place under a resting pointer. */
  const hover = shallowRef<{ column: number; start: number; end: number } | null>(null)

  let pressed: Pressed | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0
  let last: PointerEvent | null = null
  let columns: DOMRect[] = []

  const scroller = () => area.value?.closest<HTMLElement>('[data-scroller]') ?? null

  function down(event: PointerEvent): void {
    const day = hooks.day()
    if (!day || !area.value || event.button !== 0 || pressed) return
    const target = event.target as HTMLElement
    if (target.closest('[data-pause]')) return
    measure()
    const column = columnAt(event.clientX)
    const card = day.byId.get(target.closest<HTMLElement>('[data-id]')?.dataset.id ?? '') ?? null
    if (column < 0 || (!card && (!target.closest('[data-column]') || !hooks.mayWrite()))) return
    const mode: DragMode = !card ? 'draw' : target.closest('[data-grip]') ? 'resize' : 'move'
    const minute = minuteAt(event.clientY)
    pressed = {
      x: event.clientX,
      y: event.clientY,
      pointer: event.pointerId,
      column,
      minute,
      card,
      mode,
      hold: card ? minute - card.start : 0,
    }
    hover.value = null
    if (event.pointerType === 'touch') timer = setTimeout(() => pressed && begin(), REST)
  }

  function allowed({ card, mode }: Pressed): boolean {
    if (!card) return true
    const { status } = card.item
    return hooks.mayWrite() && (isMovable(status) || (mode === 'resize' && status === 'in_progress'))
  }

  function begin(): void {
    if (!pressed || ghost.value || !area.value || !allowed(pressed)) return
    if (area.value.setPointerCapture) area.value.setPointerCapture(pressed.pointer)
    show(pressed.column, pressed.card ?? drawn(pressed.minute, pressed.minute + 1, length()))
  }

  function move(event: PointerEvent): void {
    last = event
    if (!pressed) return glance(event)
    if (!ghost.value) {
      const far = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > CLICK
      if (!far) return
      // A finger that moves before it has rested wants to scroll.
      if (event.pointerType === 'touch') return cancel()
      begin()
      if (!ghost.value) return cancel()
    }
    frame ||= requestAnimationFrame(follow)
  }

  function follow(): void {
    frame = 0
    const day = hooks.day()
    if (!pressed || !ghost.value || !last || !day) return
    if (scrollAtEdge(last)) frame = requestAnimationFrame(follow)
    const minute = minuteAt(last.clientY)
    const { card, mode } = pressed
    if (mode === 'draw') return show(pressed.column, drawn(pressed.minute, minute, length()))
    if (!card) return
    if (mode === 'resize') return show(pressed.column, resized(card, minute, length()))
    show(columnAt(last.clientX, true), moved(card, minute - pressed.hold, length()))
  }

  function show(column: number, span: Span): void {
    const day = hooks.day()
    if (!pressed || !day) return
    const { mode, card } = pressed
    const now = ghost.value
    if (now && now.column === column && now.start === span.start && now.end === span.end) return
    ghost.value = {
      mode,
      column,
      id: card?.id,
      start: span.start,
      end: span.end,
      obstacle: obstacle(day.columns[column]!, span, card?.id),
    }
  }

  function up(event: PointerEvent): void {
    if (!pressed || event.pointerId !== pressed.pointer) return
    const { card, column, minute } = pressed
    const dropped = ghost.value
    cancel()
    if (event.type === 'pointercancel') return
    if (!dropped) {
      if (card) hooks.open(card.id)
      else hooks.book(column, startOf(column, minute))
    } else if (dropped.mode === 'draw') hooks.book(dropped.column, dropped.start, dropped.end)
    else if (card) finish(card, dropped)
  }

  function finish(card: Card, { column, start, end, mode }: Ghost): void {
    const same = hooks.day()?.columns[column]?.id === card.item.employee_id
    if (same && start === card.start && end === card.end) return
    hooks.drop(card.item, column, { start, end }, mode)
  }

  function cancel(): void {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    frame = 0
    pressed = null
    ghost.value = null
  }

  /** Where a click would book: shown while nothing is pressed. */
  function glance(event: PointerEvent): void {
    const column = (event.target as HTMLElement).closest<HTMLElement>('[data-column]')
    if (!column || event.pointerType === 'touch' || !hooks.mayWrite()) return leave()
    if ((event.target as HTMLElement).closest('[data-id], [data-pause]')) return leave()
    measure()
    const index = Number(column.dataset.column)
    const start = startOf(index, minuteAt(event.clientY))
    const now = hover.value
    if (now && now.column === index && now.start === start) return
    hover.value = { column: index, start, end: start + DEFAULT }
  }

  function leave(): void {
    if (hover.value) hover.value = null
  }

  /** The place between two lines under the pointer, or the five minutes after whatever ends inside it. */
  function startOf(column: number, minute: number): number {
    const cards = hooks.day()?.columns[column]?.cards ?? []
    const line = hooks.day()?.scale.step ?? LINE
    const start = clamp(Math.floor(minute / line) * line, 0, length() - line)
    const inside = cards.filter((card) => !card.gone && overlaps(card, { start, end: start + line }))
    const ends = inside.map(({ end }) => end).filter((end) => end <= minute + 1)
    return ends.length ? snapped(Math.max(...ends)) : start
  }

  const length = () => hooks.day()?.scale.length ?? 0

  function measure(): void {
    if (!area.value) return
    columns = [...area.value.querySelectorAll('[data-column]')].map((one) => one.getBoundingClientRect())
  }

  function columnAt(x: number, nearest = false): number {
    const found = columns.findIndex(({ left, right }) => left <= x && x < right)
    if (found >= 0 || !nearest || !columns.length) return found
    return x < columns[0]!.left ? 0 : columns.length - 1
  }

  function minuteAt(y: number): number {
    return minutesAt(y - (columns[0]?.top ?? 0))
  }

  /** True while it scrolls, so that the ghost follows without the pointer moving. */
  function scrollAtEdge({ clientX, clientY }: PointerEvent): boolean {
    const box = scroller()
    if (!box) return false
    const rect = box.getBoundingClientRect()
    const over = (at: number, low: number, high: number) =>
      at < low + EDGE ? at - low - EDGE : at > high - EDGE ? at - high + EDGE : 0
    const [left, top] = [box.scrollLeft, box.scrollTop]
    box.scrollLeft += over(clientX, rect.left + 42, rect.right) / 4
    box.scrollTop += over(clientY, rect.top + 68, rect.bottom) / 4
    if (box.scrollLeft === left && box.scrollTop === top) return false
    measure()
    return true
  }

  useEventListener(area, 'pointerdown', down)
  useEventListener(area, 'pointermove', move)
  useEventListener(area, 'pointerup', up)
  useEventListener(area, 'pointercancel', up)
  useEventListener(area, 'pointerleave', leave)
  useEventListener(window, 'keydown', (event) => {
    if (event.key !== 'Escape' || !ghost.value || ghost.value.byKeys) return
    event.preventDefault()
    cancel()
  })
  // Once a finger carries a card the page must not scroll under it.
  useEventListener(area, 'touchmove', (event) => ghost.value && event.preventDefault(), { passive: false })
  onScopeDispose(cancel)

  return { ghost, hover, finish }
}
