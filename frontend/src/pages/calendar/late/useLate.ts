/** Lateness as time goes by: one clock for all who ask, so that every part of the page says the same. */
import { createSharedComposable, useNow } from '@vueuse/core'
import { computed } from 'vue'
import type { AppointmentOut } from '@/api/generated'
import { useSession } from '@/stores/session'
import { usePreference } from '../usePreference'
import { isRebookable, LATE_AFTER, minutesSince, missedOf, type Overdue, overdueOf } from './late'

type Timed = Pick<AppointmentOut, 'status' | 'starts_at' | 'ends_at'>

const useClock = createSharedComposable(() => useNow({ interval: 15_000 }))

export function useLate() {
  const session = useSession()
  const clock = useClock()
  const patience = usePreference(() => session.branchId, 'late_after_minutes', LATE_AFTER)
  const now = computed(() => clock.value.getTime())

  return {
    now,
    patience,
    of: (one: Timed): Overdue | undefined => overdueOf(one, now.value, patience.value),
    minutes: (one: Timed): number => minutesSince(one, now.value),
    missed: <Item extends Timed>(items: readonly Item[]): Item[] => missedOf(items, now.value),
    mayRebook: (one: Timed): boolean => isRebookable(one, now.value),
  }
}
