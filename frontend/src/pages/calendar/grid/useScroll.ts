/** Where the day stands in its window: it opens at its present, zooms around the middle, and the wheel zooms with Ctrl. */
import { useEventListener } from '@vueuse/core'
import { nextTick, type Ref, watch } from 'vue'
import type { Day } from './cards'
import { pixels } from './grid'

interface Hooks {
  day: () => Day
  /** The minute that the address asks for. */
  asked: () => number | null
  /** The minute that is now, while it is on this page. */
  now: () => number | null
  /** Nothing is being carried. */
  rests: () => boolean
  zoom: (by: 1 | -1) => void
}

/** How far the wheel turns for one step. */
const WHEEL = 60

export function useScroll(
  scroller: Readonly<Ref<HTMLElement | null>>,
  { day, asked, now, rests, zoom }: Hooks,
) {
  function toMinute(minute: number): void {
    if (scroller.value) scroller.value.scrollTop = Math.max(0, pixels(minute, day().scale.hour))
  }

  /** An hour before now at the top. */
  function toNow(): void {
    const present = now()
    if (present !== null) toMinute(present - 60)
  }

  // A day opens where it was asked to, or where its present is: an hour before now, or at its first shift.
  watch(
    () => [scroller.value, day().scale.origin, asked()] as const,
    ([box]) => {
      if (!box || !rests()) return
      const starts = day().columns.flatMap(({ shifts }) => shifts.map(({ start }) => start))
      const wanted = asked()
      if (wanted !== null) toMinute(wanted)
      else if (now() !== null) toNow()
      else toMinute(Math.min(...starts, 24 * 60))
    },
    { flush: 'post' },
  )

  // What is in the middle stays there when the scale changes.
  watch(
    () => day().scale.hour,
    async (hour, before) => {
      const box = scroller.value
      if (!box) return
      const middle = (box.scrollTop + box.clientHeight / 2) / before
      await nextTick()
      box.scrollTop = middle * hour - box.clientHeight / 2
    },
  )

  let turned = 0
  useEventListener(
    scroller,
    'wheel',
    (event) => {
      if (!event.ctrlKey) return
      event.preventDefault()
      turned += event.deltaY
      if (Math.abs(turned) < WHEEL) return
      zoom(turned < 0 ? 1 : -1)
      turned = 0
    },
    { passive: false },
  )

  return { toNow }
}
