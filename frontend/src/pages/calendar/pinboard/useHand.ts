/** What is taken in hand: cards pinned by key or from their menu, carried off the board, and put down again. */
import { useEventListener } from '@vueuse/core'
import { type Ref, shallowRef, watch } from 'vue'
import type { AppointmentOut, DayOut } from '@/api/generated'
import type { Column } from '../grid/cards'
import type { Carried } from '../grid/useDrag'
import type { useMoves } from '../grid/useMoves'
import { useLate } from '../late/useLate'
import { type Pin, type PinKind, usePinboard } from './usePinboard'

interface Hooks {
  days: Readonly<Ref<readonly (DayOut | undefined)[]>>
  byId: (id: string) => Carried | undefined
  /** Whose drawer is open. */
  shown: () => string | null
  open: (id: string) => void
  mayWrite: () => boolean
  /** Where the cursor of the keys stands. */
  at: () => { column: Column; start: number } | null
  take: (card: Carried, event: PointerEvent) => void
  move: ReturnType<typeof useMoves>['move']
  /** Another time for whoever did not come. */
  rebook: (item: AppointmentOut) => void
}

export function useHand(hooks: Hooks) {
  const pinboard = usePinboard(hooks.move)
  watch(hooks.days, (days) => pinboard.refresh(days.flatMap((one) => one?.items ?? [])))
  const late = useLate()
  const menu = shallowRef<{ x: number; y: number; card: Carried; rebooks: boolean } | null>(null)

  /** The card that the keys stand on, or whose drawer is open. */
  function present(): Carried | undefined {
    const id = (document.activeElement as HTMLElement | null)?.dataset.id ?? hooks.shown()
    return id ? hooks.byId(id) : undefined
  }

  function pin(kind: PinKind, card = present()): boolean {
    if (!card || !hooks.mayWrite()) return false
    pinboard.pin(card.item, kind)
    return true
  }

  /** Ctrl+V: what was chosen on the board, or what was pinned last, to where the cursor stands. */
  function paste(): boolean {
    const at = hooks.at()
    const one = pinboard.chosen.value ?? pinboard.pins.value.at(-1)
    if (!at || !one) return false
    void pinboard.paste(one.key, at.column, at.start)
    return true
  }

  const takePin = (one: Pin, event: PointerEvent) => hooks.take(pinboard.carried(one), event)

  function openMenu(event: MouseEvent): void {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id
    const card = id ? hooks.byId(id) : undefined
    if (!card || !hooks.mayWrite()) return
    event.preventDefault()
    const { left, bottom } = (event.target as HTMLElement).getBoundingClientRect()
    const byKeys = !event.clientX && !event.clientY
    const rebooks = late.mayRebook(card.item)
    menu.value = { x: byKeys ? left : event.clientX, y: byKeys ? bottom : event.clientY, card, rebooks }
  }

  /** R: whether there was somebody who did not come. */
  function rebook(card = present()): boolean {
    if (!card || !hooks.mayWrite() || !late.mayRebook(card.item)) return false
    hooks.rebook(card.item)
    return true
  }

  function chooseInMenu(what: 'open' | 'rebook' | PinKind): void {
    const card = menu.value?.card
    menu.value = null
    if (!card) return
    if (what === 'open') hooks.open(card.id)
    else if (what === 'rebook') rebook(card)
    else pin(what, card)
  }

  useEventListener(window, 'keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !pinboard.chosen.value) return
    pinboard.choose(null)
  })

  return { pinboard, menu, pin, paste, rebook, takePin, openMenu, chooseInMenu }
}
