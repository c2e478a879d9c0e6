/** What the calendar knows about the server: days of branches, and appointments that are being carried elsewhere. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, type MaybeRefOrGetter, shallowRef, toValue } from 'vue'
import {
  type AppointmentOut,
  appointmentsDay,
  appointmentsPartialUpdate,
  type AppointmentsPartialUpdateData,
  appointmentsWeek,
  type DayOut,
  type WeekOut,
} from '@/api/generated'
import { refreshOn } from '@/api/realtime'
import { addDays, momentIn } from '../dates'

/** What decides which time is taken and which is free. */
export const TIME_TAGS = [
  'appointments',
  'breaks',
  'break-rules',
  'reserves',
  'holds',
  'shifts',
  'rota',
  'absences',
  'substitutions',
  'special-days',
]
const TAGS = [...TIME_TAGS, 'employees', 'patients', 'invoices', 'payments']

/** The most branches that stand side by side. */
export const MOST = 7

export interface Source {
  branch: string
  date: string
}

const dayKey = ({ branch, date }: Source) => [{ _id: 'calendarDay', tags: TAGS, query: { branch, date } }]

// The options hold their own branch and date: an entry of the cache is shared with the booking form.
const dayQuery = (query: Source) => ({
  key: dayKey(query),
  enabled: Boolean(query.branch),
  query: async ({ signal }: { signal: AbortSignal }) => (await appointmentsDay({ query, signal })).data,
})

/** Seven days of one doctor; `date` is the Monday. */
export interface Week extends Source {
  employee: string
}

const weekQuery = (query: Week) => ({
  key: [{ _id: 'calendarDoctorWeek', tags: TAGS, query }],
  enabled: Boolean(query.branch && query.employee),
  query: async ({ signal }: { signal: AbortSignal }) => (await appointmentsWeek({ query, signal })).data,
})

export function useDay(branch: MaybeRefOrGetter<string>, date: MaybeRefOrGetter<string>) {
  const { data: day } = useQuery(() => dayQuery({ branch: toValue(branch), date: toValue(date) }))
  return { day }
}

export type Fields = Partial<
  Pick<AppointmentOut, 'branch_id' | 'employee_id' | 'chair_id' | 'starts_at' | 'ends_at'>
>

/** The days that are drawn: those of the sources, or the week instead; the sources are read all the same. */
export function useDays(sources: () => readonly Source[], week: () => Week | null) {
  const cache = useQueryCache()
  const none = { branch: '', date: '' }
  const reads = Array.from({ length: MOST }, (_, index) => useQuery(() => dayQuery(sources()[index] ?? none)))
  const weekRead = useQuery(() => weekQuery(week() ?? { ...none, employee: '' }))

  /** What was sent and not answered yet: drawn over every read, which may be older than the move. */
  const moving = shallowRef<ReadonlyMap<string, AppointmentOut>>(new Map())
  const drawn = (day?: DayOut) => (day && moving.value.size ? withMoved(day, moving.value) : day)
  const read = computed(() =>
    sources()
      .slice(0, MOST)
      .map((_, index) => drawn(reads[index]!.data.value)),
  )
  const days = computed(() => (week() ? (weekRead.data.value?.days.map(drawn) ?? [undefined]) : read.value))
  const shown = () => (week() ? [weekRead] : reads.slice(0, sources().length))
  const error = computed(() => {
    const failed = shown().find(({ data, error }) => !data.value && error.value)
    return failed?.error.value ?? null
  })

  function setMoving(id: string, item?: AppointmentOut): void {
    const next = new Map(moving.value)
    if (item) next.set(id, item)
    else next.delete(id)
    moving.value = next
  }

  /** Puts a row where it belongs, as the server answered. */
  function place(row: AppointmentOut): void {
    const moved = new Map([[row.id, row]])
    for (const source of sources()) {
      const key = dayKey(source)
      const day = cache.getQueryData<DayOut>(key)
      if (!day) continue
      cache.cancelQueries({ key }) // a read under way may have begun before the move
      cache.setQueryData(key, withMoved(day, moved))
    }
    const { key } = weekQuery(week() ?? { ...none, employee: '' })
    const known = cache.getQueryData<WeekOut>(key)
    if (!known) return
    cache.cancelQueries({ key })
    cache.setQueryData(key, { ...known, days: known.days.map((day) => withMoved(day, moved)) })
  }

  /** Which version our own change has made of which: whoever takes a card up again before the answer has the older one. */
  const made = new Map<string, Promise<number | null>>()
  async function versionOf({ id, version }: AppointmentOut): Promise<number> {
    for (let next; (next = await made.get(`${id} ${version}`));) version = next
    return version
  }

  /** Moves or resizes; taken back if the server refuses, and then the refusal is thrown on. `over`: why it may lie over
   * the time of others. */
  async function change(item: AppointmentOut, fields: Fields, over?: string): Promise<AppointmentOut> {
    const there = { ...item, ...fields }
    setMoving(item.id, there)
    const { employee_id: employee, chair_id: chair, branch_id: branch, ...times } = fields
    const version = await versionOf(item)
    const body: NonNullable<AppointmentsPartialUpdateData['body']> = { version, ...times }
    if (employee !== undefined) body.employee = employee
    if (chair !== undefined) body.chair = chair
    if (branch !== undefined && branch !== item.branch_id) body.branch = branch
    if (over) body.overbook_reason = over
    const answer = appointmentsPartialUpdate({ path: { id: item.id }, body })
    made.set(
      `${item.id} ${version}`,
      answer.then(
        ({ data }) => data.version,
        () => null,
      ),
    )
    try {
      const { data: row } = await answer
      place(row)
      return row
    } finally {
      if (moving.value.get(item.id) === there) setMoving(item.id) // else it is on its way again
      void refreshOn(cache, ['appointments'])
    }
  }

  const refetch = () => Promise.all(shown().map((one) => one.refetch().catch(() => {})))

  return { days, read, error, refetch, change }
}

/** The day without those that have left it, and with those that have come. */
function withMoved(day: DayOut, moved: ReadonlyMap<string, AppointmentOut>): DayOut {
  const begins = Date.parse(momentIn(day.date, '00:00', day.timezone))
  const ends = Date.parse(momentIn(addDays(day.date, 1), '00:00', day.timezone))
  const isHere = ({ branch_id, starts_at }: AppointmentOut) =>
    branch_id === day.branch_id && begins <= Date.parse(starts_at) && Date.parse(starts_at) < ends
  const stayed = day.items.filter(({ id }) => !moved.has(id))
  const come = [...moved.values()].filter(isHere)
  if (!come.length && stayed.length === day.items.length) return day
  const items = [...stayed, ...come].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))
  return { ...day, items }
}
