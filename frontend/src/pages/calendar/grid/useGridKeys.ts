/**
 * The whole grid without a mouse: arrows walk among cards and empty places, Enter opens or books, M picks a card up
 * and the arrows carry it (with Shift they pull its lower edge, with Ctrl its upper one), Enter puts it down, Esc thinks
 * better of it. The page may turn meanwhile.
 */
import { nextTick, type Ref, shallowRef, watch } from 'vue'
import { type Day, isMovable, obstacle } from './cards'
import { moved, resized, SNAP } from './grid'
import { type Direction, step, type Stop, stopAt } from './keys'
import type { Carried, Ghost } from './useDrag'

interface Hooks {
  day: () => Day | null
  mayWrite: () => boolean
  open: (id: string) => void
  book: (column: number, start: number, end?: number) => void
  finish: (card: Carried, ghost: Ghost) => void
  /** Where the cursor first appears: the present minute, or the top. */
  start: () => number
}

const ARROWS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
}

const focusedId = () => (document.activeElement as HTMLElement | null)?.dataset.id

export function useGridKeys(area: Readonly<Ref<HTMLElement | null>>, ghost: Ref<Ghost | null>, hooks: Hooks) {
  const cursor = shallowRef<Stop | null>(null)

  function press(event: KeyboardEvent): void {
    const day = hooks.day()
    if (!day || event.metaKey || event.altKey) return
    const arrow = ARROWS[event.key]
    if (ghost.value?.byKeys) return carry(event, day, arrow)
    if (event.ctrlKey) return
    if (arrow) {
      event.preventDefault()
      go(next(day, arrow), day)
    } else if (event.key === 'Enter' || event.key === ' ') act(event)
    else if (event.code === 'KeyM') pickUp(event, day)
  }

  function next(day: Day, arrow: Direction): Stop {
    const now = present(day)
    if (!now) return first(day)
    const columns = day.columns.map(({ cards }) => cards)
    return step(columns, now, arrow, day.scale.length, day.scale.step)
  }

  /** The cursor as the day has it now: its card may have moved since. */
  function present(day: Day): Stop | null {
    const focused = focusedId() ?? cursor.value?.id
    if (focused) {
      const column = day.columns.findIndex(({ cards }) => cards.some(({ id }) => id === focused))
      const card = day.columns[column]?.cards.find(({ id }) => id === focused)
      if (card) return { column, start: card.start, end: card.end, id: card.id }
    }
    const at = cursor.value
    return at && !at.id && day.columns[at.column] ? at : null
  }

  function first(day: Day): Stop {
    return stopAt(day.columns[0]?.cards ?? [], 0, hooks.start(), day.scale.length, day.scale.step)
  }

  function go(stop: Stop, day: Day): void {
    const { column, start, end, id } = stop
    if (!day.columns[column]) return
    cursor.value = { column, start, end, id }
    void nextTick(() => focus(id))
  }

  function focus(id?: string): void {
    const where = id ? `[data-id="${CSS.escape(id)}"]` : '[data-cursor]'
    const element = area.value?.querySelector<HTMLElement>(where)
    element?.focus({ preventScroll: true })
    element?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  // A card that goes to another column is drawn anew there; the focus goes with it.
  watch(hooks.day, (day) => {
    const id = focusedId()
    const carried = ghost.value?.byKeys
    // The page has turned under what is carried.
    if (carried && day)
      ghost.value = { ...ghost.value!, column: Math.min(ghost.value!.column, day.columns.length - 1) }
    if (id || carried)
      void nextTick(() => {
        if (document.activeElement !== document.body) return
        if (id && !carried) focus(id)
        else area.value?.focus({ preventScroll: true })
      })
  })

  /** Focus from outside, for example when Tab enters the grid. */
  function enter(): void {
    const day = hooks.day()
    if (ghost.value?.byKeys) return
    if (day?.columns.length) go(present(day) ?? first(day), day)
  }

  function act(event: KeyboardEvent): void {
    const at = cursor.value
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id
    if (id) {
      event.preventDefault()
      hooks.open(id)
    } else if (at && !at.id && hooks.mayWrite()) {
      event.preventDefault()
      hooks.book(at.column, at.start)
    }
  }

  function pickUp(event: KeyboardEvent, day: Day): void {
    const at = present(day)
    const card = at?.id ? day.byId.get(at.id) : undefined
    if (!at || !card || !hooks.mayWrite() || !isMovable(card.item.status)) return
    event.preventDefault()
    event.stopPropagation()
    const { column, start, end } = at
    ghost.value = { mode: 'move', column, start, end, card, byKeys: true, obstacle: null }
  }

  function carry(event: KeyboardEvent, day: Day, arrow?: Direction): void {
    const now = ghost.value!
    const { card } = now
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape' || !card) return void (ghost.value = null)
    if (event.key === 'Enter') {
      ghost.value = null
      return hooks.finish(card, now)
    }
    if (!arrow) return
    const sideways = arrow === 'left' ? -1 : arrow === 'right' ? 1 : 0
    const by = arrow === 'up' ? -SNAP : arrow === 'down' ? SNAP : 0
    const column = Math.min(Math.max(now.column + sideways, 0), day.columns.length - 1)
    const { length } = day.scale
    const span = event.shiftKey
      ? resized(now, now.end + by, length)
      : event.ctrlKey
        ? resized(now, now.start + by, length, 'start')
        : moved(now, now.start + by, length)
    ghost.value = { ...now, ...span, column, obstacle: obstacle(day.columns[column]!, span, card.id) }
    void nextTick(() => area.value?.querySelector('[data-ghost]')?.scrollIntoView({ block: 'nearest' }))
  }

  /** Where N books: at the cursor if it stands on an empty place. */
  function chosen(): { column: number; start: number } | null {
    const at = cursor.value
    return at && !at.id && document.activeElement?.hasAttribute('data-cursor') ? at : null
  }

  return { cursor, press, enter, chosen }
}
