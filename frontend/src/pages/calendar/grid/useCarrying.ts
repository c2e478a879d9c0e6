/** While something is carried the page before stays, so that it does not fall; it cannot be put down there. */
import { computed, ref, type Ref, shallowRef, watch } from 'vue'
import type { Day } from './cards'

export function useCarrying(day: Readonly<Ref<Day | null | undefined>>) {
  const carrying = ref(false)
  const before = shallowRef<Day | null>(null)
  watch(day, (now) => now?.columns.length && (before.value = now), { immediate: true })
  const isStale = computed(() => !day.value?.columns.length)
  const drawn = computed(() => (isStale.value ? (carrying.value ? before.value : null) : day.value))
  return { carrying, isStale, drawn }
}
