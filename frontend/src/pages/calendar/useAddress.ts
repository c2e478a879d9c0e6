/** What of the calendar has an address: the day, the one doctor it is narrowed to, and the drawers. */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useFormat } from '@/i18n/useFormat'
import { addDays, isDay } from './dates'

export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  const { today } = useFormat()

  const date = computed(() => (isDay(route.query.date) ? route.query.date : today()))
  const doctor = computed(() => (typeof route.query.doctor === 'string' ? route.query.doctor : null))

  const kept = (...names: string[]) =>
    Object.fromEntries(Object.entries(route.query).filter(([name]) => names.includes(name)))

  function go(day: string): void {
    void router.push({ query: { ...kept('doctor'), ...(day === today() ? {} : { date: day }) } })
  }

  return {
    date,
    doctor,
    isToday: computed(() => date.value === today()),
    go,
    shift: (days: number) => go(addDays(date.value, days)),
    goToday: () => go(today()),
    narrow(id: string | null): void {
      void router.replace({ query: { ...kept('date', 'appointment'), ...(id ? { doctor: id } : {}) } })
    },
  }
}
