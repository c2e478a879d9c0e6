import { useRoute, useRouter } from 'vue-router'

/** What the page shows lives in the address; several parts may change at once. */
export function useAddress() {
  const route = useRoute()
  const router = useRouter()
  const read = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '')

  function change(parts: Record<string, string | null | undefined>): void {
    const query = { ...route.query }
    for (const [name, value] of Object.entries(parts)) {
      if (value) query[name] = value
      else delete query[name]
    }
    void router.replace({ query })
  }

  return { read, change }
}
