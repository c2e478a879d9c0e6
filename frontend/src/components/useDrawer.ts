import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { inTurn } from './inTurn'

export interface DrawerAddress {
  /** What the drawer shows: an id, `new`, or null while it is closed. */
  id: ComputedRef<string | null>
  open: (id: string) => void
  close: () => void
}

/** A drawer with an address: `?patient=…`. It can be linked, reloaded and closed with Back. */
export function useDrawer(name: string): DrawerAddress {
  const route = useRoute()
  const router = useRouter()
  const id = computed(() => {
    const value = route.query[name]
    return typeof value === 'string' && value ? value : null
  })

  function without(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(route.query).filter(([key]) => key !== name))
  }

  function open(next: string): void {
    inTurn(() => {
      if (next === id.value) return
      const to = { query: { ...route.query, [name]: next }, hash: route.hash }
      // From one row to the next the drawer stays; Back then closes it at once.
      return id.value ? router.replace(to) : router.push(to)
    })
  }

  function close(): void {
    if (!id.value) return
    const closed = router.resolve({ query: without() as typeof route.query, hash: route.hash })
    if (history.state?.back === closed.fullPath) router.back()
    else void router.replace(closed)
  }

  return { id, open, close }
}
