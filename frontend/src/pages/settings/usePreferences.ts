import { useMutation, useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import {
  branchSettingsPartialUpdateMutation,
  branchSettingsRetrieveQuery,
  ownSettingsPartialUpdateMutation,
  ownSettingsRetrieveQuery,
  settingsPartialUpdateMutation,
  settingsRetrieveQuery,
} from '@/api/generated/@pinia/colada.gen'
import { refreshOn } from '@/api/realtime'
import { useSession } from '@/stores/session'

/** What a person sets for himself, beside the network (`''`) and the branches (their ids). */
export const OWN = 'own'

/** The preferences that count at one place, and how to set them there. */
export function usePreferences(place: () => string) {
  const session = useSession()
  const cache = useQueryCache()
  const level = computed(() => (place() === OWN ? 'user' : place() ? 'branch' : 'organization'))
  const mayWrite = computed(
    () =>
      level.value === 'user' || session.may(level.value === 'branch' ? 'structure:write' : 'settings:write'),
  )

  const network = useQuery(() => ({ ...settingsRetrieveQuery(), enabled: level.value === 'organization' }))
  const branch = useQuery(() => ({
    ...branchSettingsRetrieveQuery({ path: { id: place() } }),
    enabled: level.value === 'branch',
  }))
  const own = useQuery(() => ({
    ...ownSettingsRetrieveQuery({ query: { branch: session.branchId || undefined } }),
    enabled: level.value === 'user',
  }))
  const query = computed(() => ({ organization: network, branch, user: own })[level.value])
  const preferences = computed(() => query.value.data.value?.preferences)

  const onSettled = () => refreshOn(cache, ['settings', 'branch-settings', 'own-settings', 'branches'])
  const toNetwork = useMutation({ ...settingsPartialUpdateMutation(), onSettled })
  const toBranch = useMutation({ ...branchSettingsPartialUpdateMutation(), onSettled })
  const toOwn = useMutation({ ...ownSettingsPartialUpdateMutation(), onSettled })
  const saving = computed(() => [toNetwork, toBranch, toOwn].some(({ isLoading }) => isLoading.value))

  /** `null` takes the value of this level away, so that the one above counts again. */
  function put(key: string, value: unknown): Promise<unknown> {
    const body = { preferences: { [key]: value } }
    if (level.value === 'user') return toOwn.mutateAsync({ body })
    if (level.value === 'branch') {
      const version = branch.data.value!.version
      return toBranch.mutateAsync({ path: { id: place() }, body: { ...body, version } })
    }
    return toNetwork.mutateAsync({ body: { ...body, version: network.data.value!.organization.version } })
  }

  return { level, mayWrite, query, preferences, saving, put }
}
