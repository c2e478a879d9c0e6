/** A place is kept for a few minutes while the form is filled in; nobody else gets it meanwhile. */
import { useNow } from '@vueuse/core'
import { computed, nextTick, ref } from 'vue'
import { holdsCreate, type HoldInRequest, holdsDestroy } from '@/api/generated'
import { newKey } from '@/api/client'

type Place = Omit<HoldInRequest, 'key'>

export function useHeld() {
  const key = ref<string | null>(null)
  const until = ref<string | null>(null)
  let id: string | null = null
  let taking = Promise.resolve()
  let asked = ''
  const now = useNow({ interval: 10_000 })
  const isOver = computed(() => until.value !== null && Date.parse(until.value) <= now.value.getTime())

  /** Also once more: the place moves, or is kept longer. One after another, so that the last one stays. */
  function take(place: Place): void {
    const wanted = JSON.stringify(place)
    if (key.value && wanted === asked) return // it is on its way
    const mine = (key.value ??= newKey())
    asked = wanted
    taking = taking.then(() => keep(place, mine)).then(() => void (asked === wanted && (asked = '')))
  }

  /** Refused, it is said when it is booked. */
  async function keep(place: Place, mine: string): Promise<void> {
    if (key.value !== mine) return
    try {
      const { data } = await holdsCreate({ body: { ...place, key: mine } })
      if (key.value === mine) [id, until.value] = [data.id, data.expires_at]
      else await holdsDestroy({ path: { id: data.id } })
    } catch {
      until.value = null
    }
  }

  /** Whoever books while the place is still being kept for him meets himself there. */
  const settled = () => nextTick().then(() => taking)

  /** Booked: there is nothing to give back. */
  function forget(): void {
    key.value = until.value = id = null
  }

  function giveBack(): void {
    const mine = id
    forget()
    if (mine) void holdsDestroy({ path: { id: mine } }).catch(() => {})
  }

  return { key, until, isOver, isHeld: computed(() => key.value !== null), take, settled, forget, giveBack }
}
