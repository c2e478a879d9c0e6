/** One appointment as its drawer knows it, and the steps one may take. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref, shallowRef, watch } from 'vue'
import {
  type AppointmentDetailOut,
  appointmentsCancel,
  appointmentsRestore,
  appointmentsRetrieve,
  appointmentsStatus,
  type CancelInRequest,
  seriesCancel,
  visitsList,
  visitsStart,
} from '@/api/generated'
import { type ApiError, asApiError } from '@/api/errors'
import { refreshOn } from '@/api/realtime'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import type { Status } from '../grid/cards'
import { reasonOf } from '../taken/reason'
import { type Otherwise, useTaken } from '../taken/useTaken'
import { useLate } from '../late/useLate'
import { useTakeBack } from './useTakeBack'

export type CanceledBy = 'clinic' | 'patient'
export type CancelCode = NonNullable<CancelInRequest['code']>
export interface Cancel {
  by: CanceledBy
  code: CancelCode
  reason: string
  /** Of a series: the ones after it too. */
  following: boolean
  /** The patient waits for another time. */
  to_waiting: boolean
}

export const REASONS: Record<CanceledBy, CancelCode[]> = {
  patient: ['ill', 'busy', 'price', 'elsewhere', 'unreachable', 'other'],
  clinic: ['doctor_absent', 'equipment', 'schedule', 'mistake', 'other'],
}

/** Somebody else was quicker: who and what, and how to insist. */
export interface Stale {
  refusal: ApiError
  insist: () => Promise<unknown>
}

const WITH_VISIT: ReadonlySet<string> = new Set(['arrived', 'in_progress', 'done'])

export function useAppointment(id: () => string | null) {
  const session = useSession()
  const cache = useQueryCache()
  const toast = useToast()
  const { offer } = useTaken()
  const takeBack = useTakeBack()
  const { dayIn } = useFormat()
  const busy = ref(false)
  const stale = shallowRef<Stale | null>(null)

  const { data, error, refetch } = useQuery({
    key: () => [{ _id: 'calendarAppointment', tags: ['appointments'], id: id() }],
    enabled: () => id() !== null,
    query: async ({ signal }) => (await appointmentsRetrieve({ path: { id: id()! }, signal })).data,
  })
  const appointment = computed(() => (id() && data.value?.id === id() ? data.value : null))
  watch(id, () => (stale.value = null))
  // What may be said of it is another thing once its time has begun.
  const late = useLate()
  const hasBegun = computed(() => appointment.value !== null && late.minutes(appointment.value) >= 0)
  watch(hasBegun, (begun) => begun && appointment.value?.status !== 'done' && void refetch())

  const hasVisit = computed(
    () => session.may('visits:prices') && WITH_VISIT.has(appointment.value?.status ?? ''),
  )
  const place = computed(() => {
    const one = appointment.value
    return one ? { branch: one.branch_id, date: dayIn(one.starts_at, session.zone) } : null
  })
  const { data: visits } = useQuery({
    key: () => [{ _id: 'calendarVisits', tags: ['visits'], ...place.value }],
    enabled: () => hasVisit.value && place.value !== null,
    query: async () => (await visitsList({ query: place.value! })).data.items,
  })
  const visit = computed(() =>
    hasVisit.value
      ? (visits.value?.find((one) => one.appointment?.id === appointment.value?.id) ?? null)
      : null,
  )

  /** True when the server did it. `refused`: what else there is to do, true when that was done. */
  async function act(
    send: (version: number) => Promise<unknown>,
    version?: number,
    refused?: (refusal: ApiError) => Promise<boolean>,
  ): Promise<boolean> {
    const one = appointment.value
    if (!one || busy.value) return false
    busy.value = true
    stale.value = null
    try {
      await send(version ?? one.version)
      return true
    } catch (failure) {
      const refusal = asApiError(failure)
      if (refusal.code === 'stale') {
        stale.value = { refusal, insist: () => act(send, Number(refusal.details.version), refused) }
      } else if (refused) return await refused(refusal)
      else toast.bad(reasonOf(refusal))
      return false
    } finally {
      busy.value = false
      void refreshOn(cache, ['appointments', 'visits'])
    }
  }

  const path = () => ({ id: appointment.value!.id })

  /** How to take it back, when the server did it. */
  async function cancel({ following, to_waiting, ...told }: Cancel): Promise<(() => unknown) | null> {
    const one = appointment.value!
    let back: (() => unknown) | null = null
    await act(async (version) => {
      const body = { version, ...told }
      if (following && one.series_id) {
        const path = { id: one.series_id }
        const { data } = await seriesCancel({ path, body: { ...body, appointment: one.id } })
        back = () =>
          takeBack(
            data.id,
            data.items.map(({ id, version }) => ({ appointment: id, version })),
          )
      } else {
        await appointmentsCancel({ path: { id: one.id }, body: { ...body, to_waiting } })
        back = () => restoreAgain(one.id)
      }
    })
    return back
  }

  const restoreAt = ({ id }: AppointmentDetailOut, version: number, { at, over }: Otherwise = {}) =>
    appointmentsRestore({
      path: { id },
      body: { version, ...at, ...(over ? { overbook_reason: over } : {}) },
    })

  /** Its time is gone: another one, or over the others. */
  const offerBack = (one: AppointmentDetailOut, refusal: unknown) =>
    offer(refusal, {
      name: one.patient_name,
      slot: one,
      again: (otherwise) => restoreAt(one, one.version, otherwise),
    })

  /** From the toast, also when the drawer shows another one by now. */
  async function restoreAgain(id: string): Promise<void> {
    const { data: now } = await appointmentsRetrieve({ path: { id } })
    await restoreAt(now, now.version).catch((refusal) => offerBack(now, refusal))
    void refreshOn(cache, ['appointments', 'visits'])
  }

  return {
    appointment,
    error,
    refetch,
    visit,
    busy,
    stale,
    setStatus: (status: Status) =>
      act((version) => appointmentsStatus({ path: path(), body: { version, status } })),
    cancel,
    restore: () => {
      const one = appointment.value!
      return act(
        (version) => restoreAt(one, version),
        undefined,
        (refusal) => offerBack(one, refusal),
      )
    },
    startVisit: () => act(() => visitsStart({ path: { id: visit.value!.id } })),
  }
}

/** The step that is usually next, and the others that are worth a button. Nobody comes before his day. */
export function stepsFor(
  one: Pick<AppointmentDetailOut, 'status' | 'allowed'>,
  isAhead: boolean,
): { main: Status | null; more: Status[] } {
  const coming: Status[] = ['arrived', 'in_progress', 'done']
  const order: Status[] = isAhead ? ['confirmed', 'booked'] : [...coming, 'confirmed', 'no_show', 'booked']
  const allowed = order.filter((status) => one.allowed.includes(status))
  const forward = allowed.filter((status) => status !== 'no_show' && status !== 'booked')
  const main = one.status === 'draft' && one.allowed.includes('booked') ? 'booked' : (forward[0] ?? null)
  return { main, more: allowed.filter((status) => status !== main) }
}
