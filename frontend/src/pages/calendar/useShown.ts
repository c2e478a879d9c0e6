/** What the grid shows: which days are read, and how they become columns. */
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { chairsList, type DayOut, roomsList } from '@/api/generated'
import { useSession } from '@/stores/session'
import { weekOf, written } from './dates'
import type { Column } from './grid/cards'
import { type Chair, chairsOf, daysOf, doctorsOf, type Drawing } from './grid/columns'
import { LINE, ZOOMS } from './grid/grid'
import { MOST, useDays } from './grid/useDay'
import { useWords } from './grid/useWords'
import { isFiltered, listed, seekerOf } from './look'
import type { useAddress } from './useAddress'
import { usePreference } from './usePreference'

/** `plain`: a phone shows a day of the branch in the frame, whatever the address says. */
export function useShown(address: ReturnType<typeof useAddress>, plain: () => boolean) {
  const session = useSession()
  const { t, locale } = useI18n()
  const { date, look, doctor, by } = address
  const view = computed(() => (plain() ? 'day' : address.view.value))
  const step = usePreference(() => session.branchId, 'calendar_step_minutes', LINE)
  const words = useWords(() => session.zone)

  const isWeek = computed(() => view.value === 'week' && doctor.value !== null)
  /** Several branches side by side; otherwise the one that is chosen in the frame. */
  const branches = computed(() => {
    if (plain() || by.value !== 'branch' || view.value !== 'day') return [session.branchId]
    const wanted = listed(look.value.branches)
    const all = session.branches.map(({ id }) => id)
    const some = wanted.length ? all.filter((id) => wanted.includes(id)) : all
    return (some.length ? some : all).slice(0, MOST)
  })
  const sources = computed(() => branches.value.map((branch) => ({ branch, date: date.value })))
  const { days, read, error, refetch, change } = useDays(
    () => sources.value,
    () =>
      isWeek.value
        ? { branch: session.branchId, date: weekOf(date.value)[0]!, employee: doctor.value! }
        : null,
  )
  /** The chosen day of the chosen branch: for the drawers and what stands beside the grid. */
  const answer = computed(() =>
    read.value.find((day) => day?.date === date.value && day.branch_id === session.branchId),
  )

  const byChair = computed(() => by.value === 'chair' && view.value === 'day')
  const { data: chairs } = useQuery(() => {
    const branch = session.branchId
    return {
      key: [{ _id: 'calendarChairColumns', tags: ['chairs', 'rooms'], branch }],
      enabled: byChair.value && Boolean(branch),
      query: async (): Promise<Chair[]> => {
        const query = { branch, is_active: true, size: 200 }
        const [rooms, all] = await Promise.all([roomsList({ query }), chairsList({ query })])
        const names = new Map(rooms.data.items.map((room) => [room.id, room.name]))
        return all.data.items.map(({ id, name, room }) => ({ id, name, room: names.get(room) ?? '' }))
      },
    }
  })

  const sought = computed(() => seekerOf(look.value))
  const drawing = computed<Drawing>(() => ({
    words: words.value,
    step: step.value,
    hour: ZOOMS[address.zoom.value],
    speciality: look.value.speciality,
    isSought: sought.value,
    hides: look.value.only === '1',
  }))

  const whole = computed(() => {
    const known = days.value.filter((day): day is DayOut => day !== undefined)
    if (!known.length || (known.length < days.value.length && !error.value)) return null
    if (isWeek.value) return daysOf(known, doctor.value!, headOf, drawing.value)
    if (!byChair.value) return doctorsOf(known, drawing.value)
    return chairs.value
      ? chairsOf(known[0]!, chairs.value, { without: t('calendar.no_chair') }, drawing.value)
      : null
  })
  /** Narrowed to one doctor, if he is here on this day. */
  const alone = computed(
    () =>
      !isWeek.value &&
      !byChair.value &&
      (whole.value?.columns.some(({ place }) => place.employee === doctor.value) ?? false),
  )
  const day = computed(() => {
    const all = whole.value
    if (!all || !alone.value) return all
    return { ...all, columns: all.columns.filter(({ place }) => place.employee === doctor.value) }
  })

  function headOf({ date, special_day, is_open }: DayOut) {
    const name = written(date, locale.value, { weekday: 'short', day: 'numeric', month: 'short' })
    return { name, initials: '', speciality: special_day || (is_open ? '' : t('calendar.closed')) }
  }

  const names = computed(() => new Map(session.branches.map(({ id, name }) => [id, name])))
  /** The branches over their columns. */
  const groups = computed(() => {
    if (by.value !== 'branch' || !day.value) return []
    const found: { id: string; name: string; columns: number }[] = []
    for (const { place } of day.value.columns) {
      const last = found.at(-1)
      if (last?.id === place.branch) last.columns++
      else found.push({ id: place.branch, name: names.value.get(place.branch) ?? '', columns: 1 })
    }
    return found
  })

  /** Everybody who can be chosen: those of the days that are read. */
  const doctors = computed(() => {
    const all = [...read.value, ...days.value].flatMap((one) => one?.columns ?? [])
    return [...new Map(all.map((one) => [one.employee_id, one])).values()]
  })
  /** How many of the appointments are those that are looked for. */
  const counts = computed(() => {
    if (!isFiltered(look.value)) return null
    const ids = new Set(
      doctors.value.map(({ employee_id, speciality }) =>
        !look.value.speciality || speciality === look.value.speciality ? employee_id : '',
      ),
    )
    const items = days.value.flatMap((one) => one?.items ?? [])
    const found = items.filter((item) => ids.has(item.employee_id) && (!sought.value || sought.value(item)))
    return { found: found.length, all: items.length }
  })

  const dayOf = ({ place }: Column) =>
    days.value.find((one) => one?.branch_id === place.branch && one.date === place.date)

  return {
    days,
    answer,
    day,
    whole,
    alone,
    isWeek,
    branches,
    groups,
    doctors,
    counts,
    words,
    error,
    refetch,
    change,
    dayOf,
  }
}
