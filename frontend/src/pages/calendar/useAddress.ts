/** What of the calendar has an address: the day, the look of it, and the drawers. */
import { computed } from 'vue'
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router'
import { useFormat } from '@/i18n/useFormat'
import { addDays, clockMinutes, isDay, monthFrom } from './dates'
import { type By, lookOf, type Look, type View } from './look'

export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  const { today } = useFormat()

  const date = computed(() => (isDay(route.query.date) ? route.query.date : today()))
  const look = computed(() => lookOf(route.query))
  const view = computed<View>(() => look.value.view ?? 'day')
  const by = computed<By>(() => look.value.by ?? 'doctor')

  const dated = (day: string): LocationQueryRaw => (day === today() ? {} : { date: day })

  /** Another day with the same look, opened at a time of it if that is told; drawers close. */
  function go(day: string, more: Look = {}, at?: string): void {
    void router.push({
      query: { ...lookOf({ ...look.value, ...more }), ...dated(day), ...(at ? { at } : {}) },
    })
  }

  /** Another look at the same day. */
  function change(changes: { [name in keyof Look]: Look[name] | null }): void {
    const query = Object.entries({ ...route.query, ...changes }).filter(([, value]) => value)
    void router.replace({ query: Object.fromEntries(query) as LocationQueryRaw })
  }

  function shift(steps: number): void {
    if (view.value === 'month') go(monthFrom(date.value, steps))
    else go(addDays(date.value, view.value === 'week' ? steps * 7 : steps))
  }

  return {
    date,
    look,
    view,
    by,
    /** The clock of the branch that the day opens at. */
    at: computed(() => {
      const { at } = route.query
      return typeof at === 'string' && clockMinutes(at) !== null ? at : null
    }),
    doctor: computed(() => look.value.doctor ?? null),
    zoom: computed(() => Number(look.value.zoom ?? 1)),
    isToday: computed(() => date.value === today()),
    go,
    change,
    shift,
    goToday: () => go(today()),
    narrow: (id: string | null) => change({ doctor: id }),
    /** A look that was saved, whole. */
    wear: (saved: Look) => router.push({ query: { ...lookOf({ ...saved }), ...dated(date.value) } }),
  }
}
