/** Carrying an appointment elsewhere: drawn at once, taken back with the server's reason, undone from the toast. */
import { useI18n } from 'vue-i18n'
import type { AppointmentOut } from '@/api/generated'
import { useToast } from '@/components/useToast'
import { useLeft } from '../freed/useLeft'
import { reasonOf } from '../taken/reason'
import { type Otherwise, useTaken } from '../taken/useTaken'
import type { Column, Head } from './cards'
import { momentOf, type Span } from './grid'
import type { Fields, useDays } from './useDay'

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
  const { offer } = useTaken()
  const left = useLeft()

  /** True when it stands there, or where it was offered instead. */
  async function move(item: AppointmentOut, column: Column, span: Span): Promise<boolean> {
    const to = fieldsAt(item, column, span)
    const { branch_id, employee_id, chair_id, starts_at, ends_at } = item
    const back = { branch_id, employee_id, chair_id, starts_at, ends_at }
    const stays = column.cards.some(({ id }) => id === item.id)

    async function go({ at, over }: Otherwise): Promise<void> {
      const there = { ...to, ...at }
      const row = await change(item, there, over)
      const sameStart = Date.parse(there.starts_at) === Date.parse(starts_at)
      const sameEnd = Date.parse(there.ends_at) === Date.parse(ends_at)
      const word = stays && sameStart !== sameEnd ? 'calendar.resized' : 'calendar.moved'
      const forget = left.tell(item, row)
      toast.good(t(word, { name: item.patient_name }), {
        undo: () => {
          forget()
          return change(row, back).catch((error) => toast.bad(reasonOf(error)))
        },
      })
    }

    try {
      await go({})
      return true
    } catch (error) {
      return offer(error, { name: item.patient_name, slot: to, zone: column.zone, again: go })
    }
  }

  return { move }
}
