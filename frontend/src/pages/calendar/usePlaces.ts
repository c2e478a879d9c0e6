/** From a place of the calendar, or the first one that is free, to the form that books there. */
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import type { SlotOut } from '@/api/generated'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import { useUi } from '@/stores/ui'
import { findFirstFree, type Hope, hopes } from './firstFree'
import type { Column } from './grid/cards'
import { workerAt } from './grid/columns'
import { minutesOf, momentOf } from './grid/grid'
import { lookOf } from './look'
import { type BookingPlace, placeCode } from './place'
import type { useAddress } from './useAddress'
import type { useShown } from './useShown'

/** Shorter than this, a gap is offered whole. */
const LENGTH = 30

type Drawer = 'book' | 'break'

interface Where extends BookingPlace {
  branch: string
  date: string
}

interface Hooks {
  /** Where the cursor of the keys stands. */
  chosen: () => { column: Column; start: number } | null
  /** The form without a place. */
  form: (drawer: Drawer) => void
}

export function usePlaces(
  address: ReturnType<typeof useAddress>,
  shown: ReturnType<typeof useShown>,
  hooks: Hooks,
) {
  const { t } = useI18n()
  const session = useSession()
  const ui = useUi()
  const toast = useToast()
  const router = useRouter()
  const { today } = useFormat()

  /** To the form, with what is known of the place; the page goes to its day and branch. */
  function bookAt({ branch, date, ...place }: Where, drawer: Drawer = 'book'): void {
    if (branch !== session.branchId) ui.branch = branch
    const dated = date === today() ? {} : { date }
    void router.push({
      query: { ...lookOf({ ...address.look.value }), ...dated, [drawer]: placeCode(place) },
    })
  }

  function book(column: Column, start: number, end?: number): void {
    const { place, scale, zone } = column
    const moment = momentOf(scale, start)
    const worker =
      place.chair && shown.answer.value && workerAt(shown.answer.value, place.chair, Date.parse(moment))
    bookAt({
      ...place,
      employee: place.employee || worker || '',
      chair: place.chair ?? undefined,
      clock: shown.words.value.clock(moment, zone),
      minutes: end === undefined ? lessBefore(column, start) : end - start,
    })
  }

  /** How much is free, when the next one comes earlier than usual. */
  function lessBefore({ cards, pauses }: Column, start: number): number | undefined {
    const taken = [...cards.filter(({ gone }) => !gone), ...pauses]
    const room = Math.min(...taken.map((one) => one.start - start).filter((minutes) => minutes > 0))
    return room < LENGTH ? room : undefined
  }

  /** N, B: where the cursor stands, else the first place of this page that seems free, else the form alone. */
  function bookSoon(drawer: Drawer = 'book', only = address.doctor.value): void {
    const at = hooks.chosen()
    if (at) {
      const { place, scale, zone } = at.column
      const clock = shown.words.value.clock(momentOf(scale, at.start), zone)
      return bookAt({ ...place, chair: place.chair ?? undefined, clock }, drawer)
    }
    const days = shown.days.value.filter((one) => one !== undefined)
    const [hope] = hopes(days, only, address.look.value.speciality)
    if (hope) bookHoped(hope, drawer)
    else hooks.form(drawer)
  }

  function bookHoped({ day, employee, at }: Hope, drawer: Drawer): void {
    const { branch_id: branch, date, timezone } = day
    const column = shown.whole.value?.columns.find(({ place }) => place.employee === employee)
    const start = column && minutesOf(column.scale, at)
    const minutes = column && drawer === 'book' ? lessBefore(column, start!) : undefined
    bookAt({ branch, date, employee, clock: shown.words.value.clock(at, timezone), minutes }, drawer)
  }

  function bookFound({ branch, day: date, employee, chair, starts_at }: SlotOut): void {
    const zone = session.branches.find(({ id }) => id === branch)?.timezone ?? session.zone
    const clock = shown.words.value.clock(starts_at, zone)
    bookAt({ branch, date, employee, clock, chair: chair ?? undefined })
  }

  const seeking = ref(false)

  /** F: the nearest free time of those who are shown, on this day or a later one, and the form with it. */
  async function firstFree(): Promise<void> {
    if (seeking.value) return
    seeking.value = true
    try {
      const found = await findFirstFree({
        branches: shown.branches.value,
        from: address.date.value < today() ? today() : address.date.value,
        doctor: address.doctor.value,
        speciality: address.look.value.speciality,
      })
      if (found) bookFound(found)
      else toast.info(t('calendar.nothing_free'))
    } catch (error) {
      toast.failed(error)
    } finally {
      seeking.value = false
    }
  }

  return { book, bookSoon, firstFree, seeking }
}
