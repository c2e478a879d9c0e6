/** Carrying an appointment elsewhere: drawn at once, taken back with the server's reason, undone from the toast. */
import { useI18n } from 'vue-i18n'
import type { AppointmentOut, ColumnOut } from '@/api/generated'
import { asApiError } from '@/api/errors'
import { useToast } from '@/components/useToast'
import type { Day } from './cards'
import { momentOf, type Span, spanOf } from './grid'
import type { useDay } from './useDay'

/** The most telling sentence of a refusal. */
export function reasonOf(error: unknown): string {
  const { fields, message, details } = asApiError(error)
  const first = Object.values(fields)[0]?.[0]
  const names = ((details.resources ?? []) as { name: string }[]).map(({ name }) => name).filter(Boolean)
  return [first ?? message, names.join(', ')].filter(Boolean).join(' ')
}

export function useMoves(day: () => Day | null, change: ReturnType<typeof useDay>['change']) {
  const { t } = useI18n()
  const toast = useToast()

  /** The chair goes with the doctor: to the one where he works at that time. */
  function chairOf(doctor: ColumnOut | undefined, startsAt: string): string | null {
    const at = Date.parse(startsAt)
    const shift = doctor?.shifts.find(
      (one) => Date.parse(one.starts_at) <= at && at < Date.parse(one.ends_at),
    )
    return shift?.chair_id ?? null
  }

  function fieldsOf(item: AppointmentOut, employee: string, span: Span) {
    const present = day()!
    const starts_at = momentOf(present.scale, span.start)
    const same = employee === item.employee_id
    const doctor = present.columns.find(({ id }) => id === employee)?.doctor
    return {
      employee_id: employee,
      chair_id: same || !item.chair_id ? item.chair_id : chairOf(doctor, starts_at),
      starts_at,
      ends_at: momentOf(present.scale, span.end),
    }
  }

  async function move(item: AppointmentOut, employee: string, span: Span): Promise<void> {
    const present = day()
    if (!present) return
    const before = spanOf(present.scale, item)
    const sameSpan = before.start === span.start && before.end === span.end
    if (sameSpan && employee === item.employee_id) return
    const back = {
      employee_id: item.employee_id,
      chair_id: item.chair_id,
      starts_at: item.starts_at,
      ends_at: item.ends_at,
    }
    try {
      const row = await change(item, fieldsOf(item, employee, span))
      const resized = before.start === span.start && employee === item.employee_id
      toast.good(t(resized ? 'calendar.resized' : 'calendar.moved', { name: item.patient_name }), {
        undo: () => change(row, back).catch((error) => toast.bad(reasonOf(error))),
      })
    } catch (error) {
      toast.bad(reasonOf(error))
    }
  }

  return { move, chairOf }
}
