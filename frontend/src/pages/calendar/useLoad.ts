/** How full the days of a branch are, for each doctor. */
import { useQuery } from '@pinia/colada'
import { loadList } from '@/api/generated'
import { useSession } from '@/stores/session'

const TAGS = [
  'load',
  'appointments',
  'breaks',
  'break-rules',
  'shifts',
  'rota',
  'absences',
  'substitutions',
  'special-days',
  'employees',
]

/** Of the branch in the frame; nothing while `period` is null. */
export function useLoad(period: () => { from: string; to: string } | null) {
  const session = useSession()
  return useQuery(() => {
    const query = { branch: session.branchId, from: '', to: '', ...period() }
    return {
      key: [{ _id: 'calendarLoad', tags: TAGS, query }],
      enabled: Boolean(query.branch && query.from),
      query: async ({ signal }) => (await loadList({ query, signal })).data,
    }
  })
}

interface Minutes {
  shift_minutes: number
  booked_minutes: number
}

/** In per cent of the working time; null without any. */
export const share = ({ shift_minutes, booked_minutes }: Minutes): number | null =>
  shift_minutes ? Math.round((booked_minutes / shift_minutes) * 100) : null

export const cellKey = (employee: string, date: string): string => `${employee} ${date}`
