/**
 * Time that is taken, outside of a form: whoever carried something there is offered the nearest free times, and whoever
 * may the reason to lay it over, right where he is. `offer` is true when it was carried out after all.
 */
import { shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { type ApiError, asApiError } from '@/api/errors'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import { reasonOf } from './reason'

export interface Slot {
  starts_at: string
  ends_at: string
}

/** What to do otherwise: at another time, or over the others. */
export interface Otherwise {
  at?: Slot
  over?: string
}

interface Wanted {
  /** Who is carried. */
  name: string
  slot: Slot
  /** Of the branch where it was to be; empty: of the one in the frame. */
  zone?: string
  again: (otherwise: Otherwise) => Promise<unknown>
}

interface Asked extends Pick<Wanted, 'slot'> {
  refusal: ApiError
  title: string
  overbooks: boolean
  zone: string
  /** Null: left as it was. */
  answer: (otherwise: Otherwise | null) => Promise<void>
}

export const asked = shallowRef<Asked | null>(null)

interface Details {
  resources?: { kind: string }[]
  free?: Slot[]
}

export function useTaken() {
  const { t } = useI18n()
  const session = useSession()
  const toast = useToast()
  const { formatDate, formatTime } = useFormat()

  /** Whether there is anything to choose from. */
  function isOffered(refusal: ApiError): boolean {
    const overbooks = session.may('appointments:overbook')
    if (refusal.code === 'reserved') return overbooks
    if (refusal.code !== 'slot_taken') return false
    const { resources = [], free = [] } = refusal.details as Details
    return free.length > 0 || (overbooks && resources.every(({ kind }) => kind !== 'patient'))
  }

  function offer(error: unknown, wanted: Wanted): Promise<boolean> {
    const refusal = asApiError(error)
    if (!isOffered(refusal)) {
      toast.bad(reasonOf(refusal))
      return Promise.resolve(false)
    }
    const { name, slot, zone = session.zone } = wanted
    const when = `${formatDate(slot.starts_at, zone)}, ${formatTime(slot.starts_at, zone)}`
    void asked.value?.answer(null)
    return new Promise((resolve) => {
      async function answer(otherwise: Otherwise | null): Promise<void> {
        if (otherwise) {
          try {
            await wanted.again(otherwise)
          } catch (again) {
            const next = asApiError(again)
            if (isOffered(next) && asked.value) return void (asked.value = { ...asked.value, refusal: next })
            toast.bad(reasonOf(next))
            otherwise = null
          }
        }
        asked.value = null
        resolve(otherwise !== null)
      }
      const title = t('calendar.taken.title', { name, when })
      asked.value = { refusal, title, slot, zone, overbooks: session.may('appointments:overbook'), answer }
    })
  }

  return { offer }
}
