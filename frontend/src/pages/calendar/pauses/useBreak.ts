/** Placing, moving and removing a break. */
import { useQueryCache } from '@pinia/colada'
import { type BreakOut, breaksCreate, breaksDestroy, breaksPartialUpdate } from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useForm } from '@/components/useForm'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import { timesOf, USUAL } from '../booking/booking'
import { readPlace } from '../place'

interface Values {
  employee: string
  clock: string | null
  minutes: number
  reason: string
}

export function useBreak(begins: () => { code: string | null; date: string; pause: BreakOut | null }) {
  const session = useSession()
  const cache = useQueryCache()
  const { time } = useFormat()

  function initial(): Values {
    const { code, pause } = begins()
    if (pause) {
      return {
        employee: pause.employee_id ?? '',
        clock: time(pause.starts_at),
        minutes: (Date.parse(pause.ends_at) - Date.parse(pause.starts_at)) / 60_000,
        reason: pause.reason,
      }
    }
    const place = code ? readPlace(code) : null
    return { employee: place?.employee ?? '', clock: place?.clock ?? null, minutes: USUAL, reason: '' }
  }

  async function save({ employee, clock, minutes, reason }: Values, key: string): Promise<void> {
    const { date, pause } = begins()
    const times = timesOf({ date, clock, minutes }, session.zone)
    if (!times) return
    const body = { ...times, reason: reason.trim() }
    if (pause) {
      await breaksPartialUpdate({ path: { id: pause.id }, body: { version: pause.version, ...body } })
    } else {
      await breaksCreate({
        body: { branch: session.branchId, employee, ...body },
        headers: idempotent(key),
      })
    }
    void refreshOn(cache, ['breaks'])
  }

  async function remove(pause: BreakOut): Promise<void> {
    await breaksDestroy({ path: { id: pause.id } })
    void refreshOn(cache, ['breaks'])
  }

  /** The same break once more, for undo. */
  async function again({ employee_id: employee, starts_at, ends_at, reason }: BreakOut): Promise<void> {
    await breaksCreate({
      body: { branch: session.branchId, employee, starts_at, ends_at, reason },
      headers: idempotent(),
    })
    void refreshOn(cache, ['breaks'])
  }

  return { ...useForm<Values>(initial, save), remove, again }
}
