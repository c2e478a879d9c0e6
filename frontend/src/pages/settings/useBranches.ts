import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { branchesListQuery } from '@/api/generated/@pinia/colada.gen'
import { useSession } from '@/stores/session'

/** The branches, and the one that this section shows; it stands in the address (`?of=…`). */
export function useBranches(usual?: () => string) {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const query = useQuery(() => branchesListQuery({ query: {} }))
  const branches = computed(() => query.data.value?.items ?? [])
  const names = computed(() => new Map(branches.value.map(({ id, name }) => [id, name])))
  const chosen = computed({
    get: () => (typeof route.query.of === 'string' ? route.query.of : (usual?.() ?? session.branchId)),
    set: (of) => void router.replace({ query: { ...route.query, of } }),
  })
  return { query, branches, names, chosen }
}
