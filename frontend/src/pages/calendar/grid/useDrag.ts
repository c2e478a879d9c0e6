/**
 * The pointer over the grid: press and carry a card, pull one of its edges, draw over an empty place, or just click.
 * One ghost follows; the cards themselves stay as they are until the drop. A finger must rest first, so that it can
 * still scroll. Whatever bears `data-turn` turns the page under a card that is held over it.
 */
import { useEventListener } from '@vueuse/core'
import { nextTick, onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { type Card, type Day, isMovable, obstacle } from './cards'
import { drawn, type Edge, moved, resized, type Span } from './grid'
import { edgeAt, useAim } from './useAim'
import { useHold } from './useHold'

export type DragMode = 'move' | 'resize' | 'draw'

/** A card, or one from the pinboard that is not in the grid. */
export type Carried = Pick<Card, 'id' | 'item' | 'name' | 'start' | 'end'>

export interface Ghost extends Span {
  mode: DragMode
  column: number
  /** What is carried: it may come from another page of the calendar. */
  card?: Carried
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
  drop: (card: Carried, column: number, span: Span) => void
  /** A card was held over something with `data-turn`: a number of days, or a date. */
  turn?: (to: string) => void
  /** True while the page that is shown is not the one that was asked for: nothing can be put down. */
  isStale?: () => boolean
  /** How long what is about to be put down takes, if a click puts something down. */
  size?: () => number | undefined
}

const CLICK = 4
const REST = 350
const DEFAULT = 30

interface Pressed {
  x: number
  y: number
  pointer: number
  column: number
  minute: number
  card: Carried | null
  mode: DragMode
  edge: Edge
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
  const { measure, columnAt, minuteAt, startOf, scrollAtEdge } = useAim(area, hooks.day)
  const held = useHold((to) => hooks.turn?.(to))
  const length = () => hooks.day()?.scale.length ?? 0

  function down(event: PointerEvent): void {
    const day = hooks.day()
    if (!day || !area.value || event.button !== 0 || pressed) return
    const target = event.target as HTMLElement
    if (target.closest('[data-pause]')) return
    measure()
    const column = columnAt(event.clientX)
    const element = target.closest<HTMLElement>('[data-id]')
    const card = day.byId.get(element?.dataset.id ?? '') ?? null
    if (column < 0 || (!card && (!target.closest('[data-column]') || !hooks.mayWrite()))) return
    const edge = element && event.pointerType !== 'touch' ? edgeAt(element, event.clientY) : null
    const minute = minuteAt(event.clientY)
    pressed = {
      ...pressOf(event),
      column,
      minute,
      card,
      mode: !card ? 'draw' : edge ? 'resize' : 'move',
      edge: edge ?? 'end',
      hold: card ? minute - card.start : 0,
    }
    hover.value = null
    if (event.pointerType === 'touch') timer = setTimeout(() => pressed && begin(), REST)
  }

  const pressOf = ({ clientX: x, clientY: y, pointerId: pointer }: PointerEvent) => ({ x, y, pointer })

  /** Carries in what lies outside of the grid, for example on the pinboard. */
  function take(card: Carried, event: PointerEvent): void {
    if (pressed || !hooks.day() || !area.value) return
    measure()
    pressed = { ...pressOf(event), column: 0, minute: card.start, card, mode: 'move', edge: 'end', hold: 5 }
    last = event
    hover.value = null
    area.value.setPointerCapture?.(event.pointerId)
  }

  function allowed({ card, mode }: Pressed): boolean {
    if (!card || !hooks.day()?.byId.has(card.id)) return true
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
    const { card, mode, edge } = pressed
    if (mode === 'draw') return show(pressed.column, drawn(pressed.minute, minute, length()))
    if (!card) return
    if (mode === 'resize') return show(pressed.column, resized(card, minute, length(), edge))
    held.over(last)
    show(columnAt(last.clientX, true), moved(card, minute - pressed.hold, length()))
  }

  function show(column: number, span: Span): void {
    const day = hooks.day()
    const there = day?.columns[column]
    if (!pressed || !there) return
    const { mode, card } = pressed
    const now = ghost.value
    if (now && now.column === column && now.start === span.start && now.end === span.end) return
    const { start, end } = span
    ghost.value = {
      mode,
      column,
      card: card ?? undefined,
      start,
      end,
      obstacle: obstacle(there, span, card?.id),
    }
  }

  function up(event: PointerEvent): void {
    if (!pressed || event.pointerId !== pressed.pointer) return
    const { card, column, minute } = pressed
    const dropped = ghost.value
    const outside = held.isOver()
    cancel()
    if (event.type === 'pointercancel' || outside || hooks.isStale?.()) return
    if (!dropped) {
      if (card && hooks.day()?.byId.has(card.id)) hooks.open(card.id)
      else if (!card) hooks.book(column, startOf(column, minute))
    } else if (dropped.mode === 'draw') hooks.book(dropped.column, dropped.start, dropped.end)
    else if (card) finish(card, dropped)
  }

  function finish(card: Carried, { column, start, end }: Ghost): void {
    const there = hooks.day()?.columns[column]
    if (!there || hooks.isStale?.()) return
    const same = there.cards.find(({ id }) => id === card.id)
    if (same && start === same.start && end === same.end) return
    hooks.drop(card, column, { start, end })
  }

  function cancel(): void {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    frame = 0
    held.letGo()
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
    const end = start + (hooks.size?.() ?? DEFAULT)
    if (now && now.column === index && now.start === start && now.end === end) return
    hover.value = { column: index, start, end }
  }

  function leave(): void {
    if (hover.value) hover.value = null
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

  // Another page has come under what is carried.
  watch(hooks.day, () => void nextTick(() => pressed && measure()))

  return { ghost, hover, finish, take }
}
