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

  function go(day: string): void {
    const { date: _, appointment: __, book: ___, ...query } = route.query
    void router.push({ query: day === today() ? query : { ...query, date: day } })
  }

  return {
    date,
    doctor,
    isToday: computed(() => date.value === today()),
    go,
    shift: (days: number) => go(addDays(date.value, days)),
    goToday: () => go(today()),
    narrow(id: string | null): void {
      const { doctor: _, ...query } = route.query
      void router.replace({ query: id ? { ...query, doctor: id } : query })
    },
  }
}
