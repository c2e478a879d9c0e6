/** What the cash desk asks the server and tells it. */
import { useMutation, useQuery, useQueryCache } from '@pinia/colada'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  cashShiftsCloseMutation,
  cashShiftsCreateMutation,
  cashShiftsRetrieveQuery,
  invoicesRetrieveQuery,
  paymentsCreateMutation,
  paymentsRefundMutation,
  registersListQuery,
} from '@/api/generated/@pinia/colada.gen'
import { refreshOn } from '@/api/realtime'
import { useSession } from '@/stores/session'

const TOUCHED = ['invoices', 'payments', 'cash-shifts', 'registers']

/** The registers of the chosen branch and the shift that is open there, if any. */
export function useShift() {
  const session = useSession()
  const cache = useQueryCache()
  const onSettled = () => refreshOn(cache, TOUCHED)
  const registers = useQuery(() => {
    const query = registersListQuery({ query: { branch: session.branchId ?? undefined } })
    return { ...query, key: withTags(query.key, TOUCHED), enabled: session.may('shifts:read') }
  })
  const register = computed(() => registers.data.value?.items.find((one) => one.open_shift) ?? null)
  const open = computed(() => register.value?.open_shift ?? null)
  /** Somebody else's money is counted only by those whose right reaches further than themselves. */
  const counted = computed(() => open.value?.is_mine || session.reach('shifts:read') !== 'own')
  const shift = useQuery(() => {
    const query = cashShiftsRetrieveQuery({ path: { id: open.value?.id ?? '' } })
    return { ...query, key: withTags(query.key, TOUCHED), enabled: Boolean(open.value) && counted.value }
  })
  const { mutateAsync: openShift } = useMutation({ ...cashShiftsCreateMutation(), onSettled })
  const { mutateAsync: closeShift } = useMutation({ ...cashShiftsCloseMutation(), onSettled })
  return { registers, register, open, counted, shift, openShift, closeShift }
}

export function useInvoice(id: MaybeRefOrGetter<string | null>) {
  const cache = useQueryCache()
  const onSettled = () => refreshOn(cache, TOUCHED)
  const invoice = useQuery(() => {
    const query = invoicesRetrieveQuery({ path: { id: toValue(id) ?? '' } })
    return { ...query, key: withTags(query.key, TOUCHED), enabled: Boolean(toValue(id)) }
  })
  const { mutateAsync: pay } = useMutation({ ...paymentsCreateMutation(), onSettled })
  const { mutateAsync: refund } = useMutation({ ...paymentsRefundMutation(), onSettled })
  return { invoice, pay, refund }
}

/** A screen made of several resources is read again when any of them changes. */
export function withTags<Key extends readonly unknown[]>(key: Key, tags: string[]): Key {
  const [head, ...rest] = key
  return [{ ...(head as object), tags }, ...rest] as unknown as Key
}
