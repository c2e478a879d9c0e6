/** Whom to offer a freed place, and asking one after the other. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref } from 'vue'
import {
  type CandidateOut,
  waitingBook,
  waitingCandidates,
  waitingDecline,
  waitingList,
  waitingOffer,
  type WaitingOut,
} from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useToast } from '@/components/useToast'
import { type Freed, slotFor } from './freed'

type Entry = WaitingOut | CandidateOut

/** Best first. */
export function candidatesOf(place: Freed | null) {
  const { branch = '', employee = '', starts_at = '', ends_at = '' } = place ?? {}
  const query = { branch, employee, starts_at, ends_at }
  return {
    key: [{ _id: 'waitingCandidates', tags: ['waiting', 'appointments', 'holds'], query }],
    enabled: place !== null,
    query: async ({ signal }: { signal: AbortSignal }) =>
      (await waitingCandidates({ query, signal })).data.items,
  }
}

export function useFreed(place: () => Freed | null) {
  const cache = useQueryCache()
  const toast = useToast()
  const busy = ref(false)

  const { data, error, refetch } = useQuery(() => candidatesOf(place()))
  /** Who is being asked about this very place; he is no candidate any more. */
  const { data: list } = useQuery(() => {
    const branch = place()?.branch ?? ''
    return {
      key: [{ _id: 'waitingAsked', tags: ['waiting', 'holds'], branch }],
      enabled: Boolean(branch),
      query: async ({ signal }) => (await waitingList({ query: { branch, size: 200 }, signal })).data.items,
    }
  })
  const asked = computed(() =>
    list.value?.find(({ offer }) => {
      const at = place()
      return (
        offer &&
        at &&
        offer.employee === at.employee &&
        Date.parse(offer.starts_at) === Date.parse(at.starts_at)
      )
    }),
  )

  /** True when the server did it. */
  async function act(send: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await send()
      return true
    } catch (refusal) {
      toast.failed(refusal)
      return false
    } finally {
      await refreshOn(cache, ['waiting', 'appointments', 'holds'])
      busy.value = false
    }
  }

  const told = ({ version, minutes }: Entry) => ({ version, ...slotFor(place()!, minutes) })

  return {
    candidates: data,
    asked,
    error,
    refetch,
    busy,
    offer: (entry: Entry) => act(() => waitingOffer({ path: { id: entry.id }, body: told(entry) })),
    decline: ({ id, version }: Entry) => act(() => waitingDecline({ path: { id }, body: { version } })),
    book: (entry: Entry) =>
      act(() => waitingBook({ path: { id: entry.id }, body: told(entry), headers: idempotent() })),
  }
}
