/** The form that books and edits: what it begins with, what the day says about the chosen place, and saving. */
import { useQueryCache } from '@pinia/colada'
import { computed, ref, shallowRef, watch } from 'vue'
import {
  type AppointmentDetailOut,
  appointmentsCreate,
  appointmentsRetrieve,
  appointmentsPartialUpdate,
  patientsRetrieve,
  seriesCreate,
  seriesMove,
  seriesRetrieve,
  type SlotOut,
  slotsList,
} from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useForm } from '@/components/useForm'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import { useUi } from '@/stores/ui'
import { type Booking, buffersOf, rebookedOf, timesOf, totalMinutes, USUAL, valuesOf } from './booking'
import { addDays, clockMinutes } from '../dates'
import { edges, segmentsOf, shifted, type Whole } from './parts'
import { useChoices } from './useChoices'
import { useHeld } from './useHeld'
import { once, placesBefore, ruleOf } from './repeat'
import { obstacle, type Words } from '../grid/cards'
import { doctorsOf } from '../grid/columns'
import { spanOf } from '../grid/grid'
import { useLeft } from '../freed/useLeft'
import { isAwaited } from '../late/late'
import { readPlace, rebookOf } from '../place'
import { type Search, useFree } from '../useFree'
import { useTakeBack } from '../appointment/useTakeBack'
import { useDay } from '../grid/useDay'

export interface Begins {
  /** `new`, a place of the grid, or null while the form is closed. */
  code: string | null
  date: string
  /** The appointment that is edited instead. */
  edited: AppointmentDetailOut | null
}

export function useBooking(begins: () => Begins, words: () => Words) {
  const session = useSession()
  const ui = useUi()
  const cache = useQueryCache()
  const { dayIn, time, today } = useFormat()
  const open = computed(() => begins().code !== null)
  /** Until the person sets them, the length follows the services and the chair the doctor. */
  const touched = ref({ minutes: false, chair: false })
  const version = ref(0)
  /** Takes back what the ones after it were moved by. */
  const back = shallowRef<(() => unknown) | null>(null)
  const takeBack = useTakeBack()
  /** Whose patient did not come and gets another time. */
  const missed = shallowRef<AppointmentDetailOut | null>(null)

  const form = useForm<Booking>(initial, save)
  const { values } = form

  function initial(): Booking {
    const { edited, code, date } = begins()
    if (edited) {
      return valuesOf(edited, dayIn(edited.starts_at, session.zone), time)
    }
    const place = code ? readPlace(code) : null
    return {
      patient: null,
      employee: place?.employee ?? '',
      chair: null,
      date,
      clock: place?.clock || null,
      minutes: place?.minutes ?? USUAL,
      services: [],
      source: 'phone',
      note: '',
      is_urgent: false,
      draft: false,
      color: '',
      parts: [],
      repeat: once(),
      over: '',
      skip: false,
      following: false,
      no_show: false,
    }
  }

  const left = useLeft()
  const held = useHeld()
  watch(open, (now) => now || held.giveBack())

  /** Keep the chosen place while the form is filled in. */
  function hold(): void {
    if (!times.value || !values.employee || begins().edited || values.repeat.rule) return
    const { before, after } = buffersOf(values.services)
    held.take({
      branch: session.branchId,
      employee: values.employee,
      chair: values.chair,
      ...times.value,
      buffer_before: before,
      buffer_after: after,
    })
  }

  /** Who is to be booked, when the address says it. True: all that is needed is here. */
  async function prefill(): Promise<boolean> {
    const old = rebookOf(begins().code)
    if (old) return prefillAgain(old)
    const place = readPlace(begins().code ?? '')
    if (!place?.patient || begins().edited) return false
    const { data } = await patientsRetrieve({ path: { id: place.patient } })
    if (readPlace(begins().code ?? '')?.patient !== data.id) return false
    values.patient = data
    form.settle()
    hold()
    return Boolean(times.value && values.employee)
  }

  /** Everything as it was for somebody who did not come, at the first time that his doctor has. */
  async function prefillAgain(id: string): Promise<boolean> {
    const { data: old } = await appointmentsRetrieve({ path: { id } })
    if (rebookOf(begins().code) !== id) return false
    if (old.branch_id !== session.branchId) ui.branch = old.branch_id
    missed.value = old
    version.value = old.version
    touched.value = { minutes: true, chair: true }
    Object.assign(values, rebookedOf(old, time, isAwaited(old.status)))
    values.date = today()
    form.settle()
    const query = { ...search.value!, employee: old.employee_id, limit: 1 }
    const [slot] = (await slotsList({ query })).data.items
    if (!slot || rebookOf(begins().code) !== id) return false
    takeSlot(slot)
    values.parts = shifted(values.parts, clockMinutes(values.clock!)! - clockMinutes(time(old.starts_at))!)
    form.settle()
    return true
  }

  /** Somebody has changed the old one meanwhile: as it is now. */
  async function seeMissed(): Promise<void> {
    const { data: old } = await appointmentsRetrieve({ path: { id: missed.value!.id } })
    missed.value = old
    version.value = old.version
    values.no_show &&= isAwaited(old.status)
  }

  /** One of the next free times, whoever's it is. */
  function takeSlot({ day, employee, chair, starts_at }: SlotOut): void {
    touched.value.chair = true
    Object.assign(values, { date: day, employee, chair, clock: time(starts_at) })
    hold()
  }

  /** Begins anew each time it opens. */
  function begin(): void {
    const { edited, code } = begins()
    const place = readPlace(code ?? '')
    touched.value = { minutes: Boolean(edited || place?.minutes), chair: Boolean(edited || place?.chair) }
    version.value = edited?.version ?? 0
    missed.value = null
    form.reset()
    if (!edited) values.chair = place?.chair ?? usualChair()
    form.settle()
  }

  async function save(now: Booking, key: string): Promise<void> {
    const times = timesOf(now, session.zone)
    if (!times || !now.patient) return
    const { edited } = begins()
    const services = now.services.map(({ service, quantity }) => ({ service, quantity }))
    const shared = {
      ...times,
      employee: now.employee,
      chair: now.chair,
      services,
      source: now.source,
      note: now.note.trim(),
      is_urgent: now.is_urgent,
      color: now.color,
      segments: segmentsOf(now.parts, wholeOf(now, times), session.zone),
    }
    const over = now.over ? { overbook_reason: now.over } : {}
    const place = { branch: session.branchId, patient: now.patient.id }
    if (edited) {
      back.value = null
      const moved = now.following ? await moveFollowing(edited, now, times) : null
      if (moved) version.value = moved.version
      const body = { version: version.value, ...shared, ...over }
      const { data: row } = await appointmentsPartialUpdate({ path: { id: edited.id }, body })
      if (!moved) left.tell(edited, row)
      // What was changed besides the place does not come back with it.
      if (moved && row.version === moved.version) back.value = moved.back
    } else if (now.repeat.rule) {
      const body = { ...place, ...shared, ...ruleOf(now.repeat), skip_conflicts: now.skip }
      await seriesCreate({ body, headers: idempotent(key) })
    } else {
      await held.settled()
      const kept = held.key.value ? { hold: held.key.value } : {}
      const old = missed.value && {
        rebook: { appointment: missed.value.id, version: version.value, no_show: now.no_show },
      }
      const body = { ...place, ...shared, ...over, ...kept, ...old, draft: now.draft }
      await appointmentsCreate({ body, headers: idempotent(key) })
      held.forget()
    }
    void refreshOn(cache, ['appointments'])
  }

  /** This one and those after it, by as much: the version that this one has then, and the way back. */
  async function moveFollowing(
    edited: AppointmentDetailOut,
    now: Booking,
    times: { starts_at: string; ends_at: string },
  ): Promise<{ version: number; back: (() => unknown) | null }> {
    const body = {
      appointment: edited.id,
      version: version.value,
      ...times,
      employee: now.employee,
      chair: now.chair,
    }
    const path = { id: edited.series_id! }
    const { data: before } = await seriesRetrieve({ path })
    const { data } = await seriesMove({ path, body })
    const items = placesBefore(before.items, data.items)
    return {
      version: data.items.find(({ id }) => id === edited.id)?.version ?? version.value,
      back: items && (() => takeBack(path.id, items)),
    }
  }

  function wholeOf(now: Booking, times: { starts_at: string; ends_at: string }): Whole {
    return { ...now, ...times, ...buffersOf(now.services) }
  }

  // What is around the chosen place. The day on the screen is already here; another one is read.
  const { day: answer } = useDay(
    () => (open.value ? session.branchId : ''),
    () => values.date ?? begins().date,
  )
  const day = computed(() => (answer.value ? doctorsOf([answer.value], { words: words() }) : null))
  const column = computed(() => day.value?.columns.find(({ id }) => id === values.employee))
  const times = computed(() => timesOf(values, session.zone))

  function usualChair(): string | null {
    const at = times.value && Date.parse(times.value.starts_at)
    const shifts = column.value?.head.shifts ?? []
    const inside = shifts.find(
      ({ starts_at, ends_at }) => at !== null && Date.parse(starts_at) <= at && at < Date.parse(ends_at),
    )
    return (inside ?? shifts[0])?.chair_id ?? null
  }

  /** A word of warning; the server decides. */
  const hint = computed<'busy' | 'off' | null>(() => {
    if (!day.value || !values.employee || !times.value) return null
    if (!column.value) return 'off'
    return obstacle(column.value, spanOf(day.value.scale, times.value), begins().edited?.id)
  })

  watch([column, times], () => {
    if (!open.value || touched.value.chair) return
    const untouched = !form.dirty.value
    values.chair = usualChair()
    if (untouched) form.settle()
  })
  watch([times, () => values.employee, () => values.chair], () => held.isHeld.value && hold())
  watch(
    () => values.services,
    (services) => {
      const minutes = totalMinutes(services)
      if (open.value && !touched.value.minutes && minutes) values.minutes = minutes
    },
  )

  const choices = useChoices({
    open: () => open.value,
    employee: () => values.employee,
    services: () => values.services,
  })

  const { free } = useFree(() => {
    const { employee, date, minutes, chair, patient, is_urgent } = values
    const day = date ?? begins().date
    if (!open.value || !session.branchId || !employee) return null
    const { before, after } = buffersOf(values.services)
    return {
      branch: session.branchId,
      employee,
      from: day,
      to: day,
      minutes,
      buffer_before: before,
      buffer_after: after,
      limit: 50,
      is_urgent,
      ...(chair ? { chair } : {}),
      ...(patient ? { patient: patient.id } : {}),
      ...(held.key.value ? { hold: held.key.value } : {}),
    }
  })
  /** The same question, with whomever and whenever. */
  const search = computed<Search | null>(() => {
    const { minutes, services, patient, is_urgent, date } = values
    if (!open.value || !session.branchId || begins().edited) return null
    const from = date && date > today() ? date : today()
    const what = [...new Set(services.map(({ service }) => service))]
    return {
      branch: session.branchId,
      from,
      to: addDays(from, 30),
      minutes,
      is_urgent,
      ...(what.length ? { service: what.join(',') } : {}),
      ...(patient ? { patient: patient.id } : {}),
    }
  })

  /** The clock at the beginning and the end of all that is held. */
  const clockEdges = computed<[string, string] | null>(() => {
    if (!times.value) return null
    const [first, last] = edges(wholeOf(values, times.value))
    return [time(new Date(first).toISOString()), time(new Date(last).toISOString())]
  })

  return {
    ...form,
    open,
    touched,
    version,
    back,
    missed,
    seeMissed,
    begin,
    day,
    hint,
    ...choices,
    clockEdges,
    free,
    search,
    takeSlot,
    prefill,
    heldUntil: held.until,
    isHeldOver: held.isOver,
  }
}
