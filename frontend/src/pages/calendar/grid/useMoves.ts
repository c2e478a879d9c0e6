/** Carrying an appointment elsewhere: drawn at once, taken back with the server's reason, undone from the toast. */
import { useI18n } from 'vue-i18n'
import type { AppointmentOut } from '@/api/generated'
import { asApiError } from '@/api/errors'
import { useToast } from '@/components/useToast'
import type { Column, Head } from './cards'
import { momentOf, type Span } from './grid'
import type { Fields, useDays } from './useDay'

/** The most telling sentence of a refusal. */
export function reasonOf(error: unknown): string {
  const { fields, message, details } = asApiError(error)
  const first = Object.values(fields)[0]?.[0]
  const names = ((details.resources ?? []) as { name: string }[]).map(({ name }) => name).filter(Boolean)
  return [first ?? message, names.join(', ')].filter(Boolean).join(' ')
}

/** The chair goes with the doctor: to the one where he works at that time. */
export function chairAt({ shifts }: Head, startsAt: string): string | null {
  const at = Date.parse(startsAt)
  return (
    shifts.find(({ starts_at, ends_at }) => Date.parse(starts_at) <= at && at < Date.parse(ends_at))
      ?.chair_id ?? null
  )
}

/** What becomes of an appointment that is put down there. */
export function fieldsAt(item: AppointmentOut, column: Column, span: Span): Required<Fields> {
  const { place, scale } = column
  const starts_at = momentOf(scale, span.start)
  const employee_id = place.employee || item.employee_id
  const stays = column.cards.some(({ id }) => id === item.id)
  const chair = stays || !item.chair_id ? item.chair_id : chairAt(column.head, starts_at)
  return {
    branch_id: place.branch,
    employee_id,
    chair_id: place.chair === undefined ? chair : place.chair,
    starts_at,
    ends_at: momentOf(scale, span.end),
  }
}

export function useMoves(change: ReturnType<typeof useDays>['change']) {
  const { t } = useI18n()
  const toast = useToast()

  async function move(item: AppointmentOut, column: Column, span: Span): Promise<boolean> {
    const to = fieldsAt(item, column, span)
    const { branch_id, employee_id, chair_id, starts_at, ends_at } = item
    const back = { branch_id, employee_id, chair_id, starts_at, ends_at }
    try {
      const row = await change(item, to)
      const stays = column.cards.some(({ id }) => id === item.id)
      const sameStart = Date.parse(to.starts_at) === Date.parse(starts_at)
      const sameEnd = Date.parse(to.ends_at) === Date.parse(ends_at)
      const word = stays && sameStart !== sameEnd ? 'calendar.resized' : 'calendar.moved'
      toast.good(t(word, { name: item.patient_name }), {
        undo: () => change(row, back).catch((error) => toast.bad(reasonOf(error))),
      })
      return true
    } catch (error) {
      toast.bad(reasonOf(error))
      return false
    }
  }

  return { move }
}
