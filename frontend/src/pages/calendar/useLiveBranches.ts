/** The frame listens to the chosen branch; this listens to the others that stand beside it. */
import { useQueryCache } from '@pinia/colada'
import { onScopeDispose, watch } from 'vue'
import { createLive, type Live } from '@/api/realtime'
import { useSession } from '@/stores/session'

export function useLiveBranches(branches: () => readonly string[]): void {
  const session = useSession()
  const cache = useQueryCache()
  const heard = new Map<string, Live>()

  watch(
    () => branches().filter((id) => id && id !== session.branchId && !session.ended),
    (wanted) => {
      for (const [id, live] of heard) {
        if (wanted.includes(id)) continue
        live.stop()
        heard.delete(id)
      }
      for (const id of wanted) {
        if (heard.has(id)) continue
        const live = createLive(cache)
        heard.set(id, live)
        live.watch(id)
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => heard.forEach((live) => live.stop()))
}
