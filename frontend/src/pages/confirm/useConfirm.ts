/** Everything the confirmation run knows about the server. What was pressed counts at once; a refusal takes it back. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  type ConfirmationOut,
  appointmentsRestore,
  appointmentsStatus,
  confirmationsCall,
  confirmationsLeave,
  confirmationsList,
  confirmationsResult,
  remindersCreate,
  remindersList,
  type ResultInRequest,
} from '@/api/generated'
import { idempotent } from '@/api/client'
import { asApiError } from '@/api/errors'
import { refreshOn } from '@/api/realtime'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'

export type Result = ResultInRequest['result']
export type Told = Pick<ResultInRequest, 'result' | 'call_back_at' | 'note' | 'code' | 'to_waiting'>

const BECOMES: Partial<Record<Result, ConfirmationOut['status']>> = {
  reached: 'confirmed',
  declined: 'canceled',
}

export function useConfirm(date: () => string) {
  const { t } = useI18n()
  const session = useSession()
  const cache = useQueryCache()
  const toast = useToast()
  const { time } = useFormat()

  const place = () => ({ branch: session.branchId, date: date() })
  const { data, error, refetch } = useQuery(() => {
    const query = place()
    return {
      key: [{ _id: 'confirmRun', tags: ['confirmations', 'appointments', 'patients', 'employees'], query }],
      enabled: Boolean(query.branch),
      query: async ({ signal }) => (await confirmationsList({ query, signal })).data,
    }
  })
  const { data: reminders } = useQuery(() => {
    const query = place()
    return {
      key: [{ _id: 'confirmReminders', tags: ['messages', 'templates'], query }],
      enabled: Boolean(query.branch) && session.may('messages:read'),
      query: async ({ signal }) => (await remindersList({ query, signal })).data,
    }
  })

  /** What was pressed about whom, over which latest call. It counts until a read knows of a later one: a read that was
   *  under way may come in after the answer, and must not bring him back under the keys. */
  const pressed = shallowRef<ReadonlyMap<string, Told & { seen: string | null }>>(new Map())
  const lastOf = (row: Pick<ConfirmationOut, 'last'>) => row.last?.id ?? null
  const toldOf = (row: ConfirmationOut) => {
    const told = pressed.value.get(row.id)
    return told?.seen === lastOf(row) ? told : undefined
  }
  const rows = computed(() =>
    data.value?.items.map((row) => {
      const told = toldOf(row)
      const status = told && BECOMES[told.result]
      return status ? { ...row, status, moved_from: null } : row
    }),
  )
  const isBusy = (id: string) => Boolean(data.value?.items.some((row) => row.id === id && toldOf(row)))
  const reminded = computed(() => new Map(reminders.value?.items.map((one) => [one.appointment, one])))

  function hold(id: string, told?: Told, seen: string | null = null): void {
    const next = new Map(pressed.value)
    if (told) next.set(id, { ...told, seen })
    else next.delete(id)
    pressed.value = next
  }

  const refresh = () => refreshOn(cache, ['confirmations', 'appointments', 'waiting'])

  async function tell(row: ConfirmationOut, told: Told): Promise<boolean> {
    if (isBusy(row.id)) return false
    const seen = lastOf(row)
    hold(row.id, told, seen)
    try {
      const { data: now } = await confirmationsResult({
        path: { id: row.id },
        body: { version: row.version, seen, ...told },
        headers: idempotent(),
      })
      const text = t(`confirm.told.${told.result}`, { name: row.patient_name })
      toast.good(text, { undo: BECOMES[told.result] && (() => undo(now.id, now.version, told.result)) })
      return true
    } catch (failure) {
      refuse(failure, row.patient_name)
      hold(row.id)
      return false
    } finally {
      await refresh()
    }
  }

  /** Back to "booked": the call stays in the history. */
  async function undo(id: string, version: number, result: Result): Promise<void> {
    const back =
      result === 'declined'
        ? appointmentsRestore({ path: { id }, body: { version } })
        : appointmentsStatus({ path: { id }, body: { version, status: 'booked' } })
    await back.then(
      () => {},
      (failure) => refuse(failure),
    )
    await refresh()
  }

  /** Whom it was about, when the keys are on somebody else by now. */
  function refuse(failure: unknown, name = ''): void {
    const refusal = asApiError(failure)
    const { by, at, result } = refusal.details as { by?: string | null; at?: string; result?: Result }
    if (refusal.code === 'in_call') toast.info(t('confirm.in_call', { by }))
    else if (refusal.code === 'stale')
      bad(
        t(result ? 'confirm.quicker' : 'confirm.changed', {
          by: by ?? t('stale.somebody'),
          at: at ? time(at) : '',
          result: result ? t(`confirm.result.${result}`) : '',
        }),
      )
    else bad(refusal.reason)

    function bad(text: string): void {
      toast.bad([name, text].filter(Boolean).join(': '))
    }
  }

  /** Colleagues see it. That one of them was first does not keep anybody from calling. */
  async function call({ id }: ConfirmationOut): Promise<void> {
    await confirmationsCall({ path: { id } }).then(
      () => {},
      (failure) => refuse(failure),
    )
    void refreshOn(cache, ['confirmations'])
  }

  async function leave({ id }: ConfirmationOut): Promise<void> {
    await confirmationsLeave({ path: { id } }).then(
      () => {},
      (failure) => refuse(failure),
    )
    void refreshOn(cache, ['confirmations'])
  }

  async function remind(row: ConfirmationOut): Promise<void> {
    try {
      await remindersCreate({ body: { appointment: row.id }, headers: idempotent() })
      toast.good(t('confirm.message.queued', { name: row.patient_name }))
    } catch (failure) {
      refuse(failure)
    }
    void refreshOn(cache, ['messages'])
  }

  const mayRemind = (row: ConfirmationOut) =>
    Boolean(reminders.value?.is_ready && row.phone) &&
    ['booked', 'confirmed'].includes(row.status) &&
    !reminded.value.has(row.id)

  return {
    rows,
    clerks: computed(() => data.value?.clerks ?? []),
    error,
    refetch,
    isBusy,
    reminded,
    mayRemind,
    tell,
    call,
    leave,
    remind,
  }
}
