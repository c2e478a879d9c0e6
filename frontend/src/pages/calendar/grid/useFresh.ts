/** Cards that somebody else has changed while one looks on: for some seconds they carry his name. */
import { useQuery } from '@pinia/colada'
import { computed, ref, shallowRef, watch } from 'vue'
import { type DayOut, employeesList } from '@/api/generated'
import { useChanges } from '@/api/realtime'
import { useSession } from '@/stores/session'

const STAYS = 5_000
/** A change is told before it is read; later than this they belong to different changes. */
const HEARD_FOR = 10_000

export function useFresh(days: () => readonly (DayOut | undefined)[]) {
  const session = useSession()
  const heard = new Map<string, { by: string; at: number }>()
  const fresh = shallowRef<ReadonlyMap<string, string>>(new Map())
  const leaving = new Map<string, ReturnType<typeof setTimeout>>()
  const wanted = ref(false)
  const canAsk = computed(() => wanted.value && session.may('staff:read') && Boolean(session.branchId))

  // Names are asked for when the first change of somebody else arrives.
  const { data: people } = useQuery({
    key: () => [{ _id: 'calendarPeople', tags: ['employees'], branch: session.branchId }],
    enabled: () => canAsk.value,
    query: async () => {
      const { data } = await employeesList({ query: { branch: session.branchId, size: 200 } })
      return new Map(data.items.flatMap((one) => (one.user ? [[one.user, one.short_name] as const] : [])))
    },
  })

  useChanges('appointments', ({ id, by }) => {
    if (!by || by === session.user?.id) return
    wanted.value = true
    heard.set(id, { by, at: Date.now() })
  })

  watch(days, (now, before) => {
    if (placesOf(now) !== placesOf(before)) return heard.clear()
    if (!heard.size) return
    const old = new Map(itemsOf(before).map((item) => [item.id, item.version]))
    const next = new Map(fresh.value)
    const changed: string[] = []
    for (const { id, version } of itemsOf(now)) {
      const one = heard.get(id)
      if (!one || Date.now() - one.at > HEARD_FOR || old.get(id) === version) continue
      heard.delete(id)
      next.set(id, one.by)
      changed.push(id)
    }
    if (!changed.length) return
    fresh.value = next
    for (const id of changed) {
      clearTimeout(leaving.get(id)) // changed again: the name stays as long as at first
      leaving.set(
        id,
        setTimeout(() => forget(id), STAYS),
      )
    }
  })

  function forget(id: string): void {
    leaving.delete(id)
    const next = new Map(fresh.value)
    next.delete(id)
    fresh.value = next
  }

  return computed(
    () => new Map([...fresh.value].map(([id, by]) => [id, people.value?.get(by) ?? ''] as const)),
  )
}

type Days = readonly (DayOut | undefined)[]

const itemsOf = (days: Days) => days.flatMap((day) => day?.items ?? [])
const placesOf = (days: Days) => days.map((day) => day && `${day.branch_id} ${day.date}`).join()
