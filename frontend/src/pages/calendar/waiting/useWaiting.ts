/** Everything the waiting list knows about the server. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import {
  type CallInRequest,
  waitingBook,
  waitingContacts,
  waitingDestroy,
  waitingList,
  type WaitingOut,
  type WaitingPage,
  waitingPartialUpdate,
  type WaitingPartialUpdateData,
} from '@/api/generated'
import { waitingListQuery } from '@/api/generated/@pinia/colada.gen'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useSession } from '@/stores/session'

export interface TimeFor {
  employee: string
  chair?: string | null
  starts_at: string
  ends_at: string
  /** Why others are laid over. */
  overbook_reason?: string
}

/** Of no branch: not asked for. All who ask share one answer, and one of them who is closed would keep it from being read
 * again for the others; so whoever is closed asks for no branch. */
export const waitingOf = (branch: string) => {
  const query = { branch, size: 200 }
  return {
    key: waitingListQuery({ query }).key,
    enabled: branch !== '',
    query: ({ signal }: { signal: AbortSignal }) => whole(query, signal),
  }
}

/** Page by page, so that nobody is left out of a long list; who moves up while it is read stands there once. */
async function whole(query: { branch: string; size: number }, signal: AbortSignal) {
  const found = new Map<string, WaitingOut>()
  let page: number | null = 1
  while (page !== null) {
    const { items, next }: WaitingPage = (await waitingList({ query: { ...query, page }, signal })).data
    for (const entry of items) found.set(entry.id, entry)
    page = next
  }
  return { items: [...found.values()] }
}

export function useWaiting(open: () => boolean) {
  const session = useSession()
  const cache = useQueryCache()

  const { data, error, refetch } = useQuery(() => waitingOf(open() ? session.branchId : ''))
  const entries = computed(() => data.value?.items)

  const refresh = () => void refreshOn(cache, ['waiting', 'appointments'])

  async function change(
    { id, version }: WaitingOut,
    fields: Partial<NonNullable<WaitingPartialUpdateData['body']>>,
  ): Promise<WaitingOut> {
    try {
      return (await waitingPartialUpdate({ path: { id }, body: { ...fields, version } })).data
    } finally {
      refresh()
    }
  }

  /** A call, and what came of it. */
  async function called({ id, version }: WaitingOut, result: CallInRequest['result']): Promise<void> {
    await waitingContacts({ path: { id }, body: { version, result } })
    refresh()
  }

  async function remove({ id }: WaitingOut): Promise<void> {
    await waitingDestroy({ path: { id } })
    refresh()
  }

  async function book({ id, version }: WaitingOut, time: TimeFor, key?: string) {
    const { data: row } = await waitingBook({
      path: { id },
      body: { version, ...time },
      headers: idempotent(key),
    })
    refresh()
    return row
  }

  return { entries, error, refetch, change, called, remove, book, refresh }
}
