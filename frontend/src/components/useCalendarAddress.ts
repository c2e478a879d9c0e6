/** What the server knows of a private calendar, one's own or an employee's. The address itself lives here while it is shown. */
import { useMutation, useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref, watch } from 'vue'
import { idempotent, newKey } from '@/api/client'
import {
  employeeFeedCreate,
  employeeFeedDestroy,
  employeeFeedRetrieve,
  ownFeedCreate,
  ownFeedDestroy,
  ownFeedRetrieve,
} from '@/api/generated'
import { refreshOn } from '@/api/realtime'

export function useCalendarAddress(employee: () => string | undefined) {
  const cache = useQueryCache()
  const whose = computed(() => ({ path: { id: employee() ?? '' } }))
  const onSettled = () => refreshOn(cache, ['feeds'])
  const path = ref<string | null>(null)
  watch(employee, () => (path.value = null))

  const { data } = useQuery({
    key: () => [{ _id: 'feed', employee: employee() ?? null, tags: ['feeds'] }],
    query: async () => (employee() ? await employeeFeedRetrieve(whose.value) : await ownFeedRetrieve()).data,
  })
  const made = useMutation({
    mutation: async (headers: ReturnType<typeof idempotent>) =>
      (employee() ? await employeeFeedCreate({ ...whose.value, headers }) : await ownFeedCreate({ headers }))
        .data,
    onSettled,
  })
  const ended = useMutation({
    mutation: async () => {
      await (employee() ? employeeFeedDestroy(whose.value) : ownFeedDestroy())
    },
    onSettled,
  })

  async function make(): Promise<void> {
    const answer = await made.mutateAsync(idempotent(newKey()))
    path.value = answer.path
  }

  async function revoke(): Promise<void> {
    await ended.mutateAsync()
    path.value = null
  }

  return {
    issuedAt: computed(() => data.value?.issued_at ?? null),
    isKnown: computed(() => data.value !== undefined),
    busy: computed(() => made.isLoading.value || ended.isLoading.value),
    path,
    make,
    revoke,
  }
}
