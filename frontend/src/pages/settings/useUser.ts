import { useMutation, useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import {
  usersCreateMutation,
  usersLinkMutation,
  usersPartialUpdateMutation,
  usersRetrieveQuery,
} from '@/api/generated/@pinia/colada.gen'
import { newKey, idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'

/** One person who may sign in, and what may be done with the account. */
export function useUser(id: () => string | null) {
  const cache = useQueryCache()
  const { data } = useQuery(() => {
    const now = id()
    return { ...usersRetrieveQuery({ path: { id: now ?? '' } }), enabled: Boolean(now) && now !== 'new' }
  })
  const known = computed(() => (data.value?.id === id() ? data.value : undefined))
  const onSettled = () => refreshOn(cache, ['users'])
  const { mutateAsync: create } = useMutation({ ...usersCreateMutation(), onSettled })
  const { mutateAsync: change } = useMutation({ ...usersPartialUpdateMutation(), onSettled })
  return { known, create, change }
}

/** A new one-time link; the earlier ones stop working. */
export function useLink() {
  const { mutateAsync, isLoading: making } = useMutation(usersLinkMutation())
  const make = (id: string) => mutateAsync({ path: { id }, headers: idempotent(newKey()) })
  return { make, making }
}
