import { useIntervalFn } from '@vueuse/core'
import { computed, ref } from 'vue'
import { minutesOf, type Scale } from './grid'

/** Where now is on the scale of the day; null outside of it. Only who asks wakes up as time goes by. */
export function useMinute(scale: () => Scale) {
  const now = ref(Date.now())
  useIntervalFn(() => (now.value = Date.now()), 20_000)
  return computed(() => {
    const minute = minutesOf(scale(), now.value)
    return minute >= 0 && minute <= scale().length ? minute : null
  })
}
