/** Everything the day view knows about the server. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, type MaybeRefOrGetter, shallowRef, toValue } from 'vue'
import {
  type AppointmentOut,
  appointmentsDay,
  appointmentsPartialUpdate,
  type AppointmentsPartialUpdateData,
  type DayOut,
} from '@/api/generated'

const TAGS = ['appointments', 'breaks', 'shifts', 'rota', 'absences', 'substitutions', 'special-days', 'employees', 'patients', 'invoices', 'payments']

export const dayKey = (branch: string, date: string) => [
  { _id: 'calendarDay', tags: TAGS, query: { branch, date } },
]

type DayFields = Partial<Pick<AppointmentOut, 'employee_id' | 'chair_id' | 'starts_at' | 'ends_at'>>

export function useDay(branch: MaybeRefOrGetter<string>, date: MaybeRefOrGetter<string>) {
  const cache = useQueryCache()
  const key = computed(() => dayKey(toValue(branch), toValue(date)))

  // The options hold their own branch and date: an entry of the cache is shared with the booking form.
  const { data, error, isLoading, refetch } = useQuery(() => {
    const query = { branch: toValue(branch), date: toValue(date) }
    return {
      key: dayKey(query.branch, query.date),
      enabled: Boolean(query.branch),
      query: async ({ signal }) => (await appointmentsDay({ query, signal })).data,
    }
  })

  /** What was sent and not answered yet: drawn over every read, which may be older than the move. */
  const moving = shallowRef<ReadonlyMap<string, DayFields>>(new Map())
  const drawn = computed(() => {
    const day = data.value
    if (!day || !moving.value.size) return day
    return { ...day, items: day.items.map((item) => ({ ...item, ...moving.value.get(item.id) })) }
  })

  function setMoving(id: string, fields?: DayFields): void {
    const next = new Map(moving.value)
    if (fields) next.set(id, fields)
    else next.delete(id)
    moving.value = next
  }

  /** Put a row where the day has it, as the server answered. */
  function place(row: AppointmentOut, at = key.value): void {
    const day = cache.getQueryData<DayOut>(at)
    if (!day) return
    const items = day.items.map((item) => (item.id === row.id ? row : item))
    cache.setQueryData(at, { ...day, items })
  }

  /** Moves or resizes; taken back if the server refuses, and then the refusal is thrown on. */
  async function change(item: AppointmentOut, fields: DayFields): Promise<AppointmentOut> {
    const at = key.value
    setMoving(item.id, fields)
    const { employee_id: employee, chair_id: chair, ...times } = fields
    const body: NonNullable<AppointmentsPartialUpdateData['body']> = { version: item.version, ...times }
    if (employee !== undefined) body.employee = employee
    if (chair !== undefined) body.chair = chair
    try {
      const { data: row } = await appointmentsPartialUpdate({ path: { id: item.id }, body })
      cache.cancelQueries({ key: at }) // a read under way may have begun before the move
      place(row, at)
      return row
    } finally {
      setMoving(item.id)
      void cache.invalidateQueries({ key: at })
    }
  }

  return { day: drawn, error, isLoading, refetch, place, change }
}
