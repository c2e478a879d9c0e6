/** Appointments that were cut or copied and are carried elsewhere. In memory only: a new page forgets them. */
import { useQueryCache } from '@pinia/colada'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  type AppointmentOut,
  appointmentsCancel,
  appointmentsCreate,
  appointmentsRetrieve,
} from '@/api/generated'
import { idempotent, newKey } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useToast } from '@/components/useToast'
import type { Column } from '../grid/cards'
import type { Span } from '../grid/grid'
import type { Carried } from '../grid/useDrag'
import { fieldsAt, type useMoves } from '../grid/useMoves'
import { reasonOf } from '../taken/reason'
import { type Otherwise, useTaken } from '../taken/useTaken'
import { partsAt } from './copied'
import { useThere } from './useThere'

export type PinKind = 'cut' | 'copy'

export interface Pin {
  key: string
  kind: PinKind
  item: AppointmentOut
}

const pins = shallowRef<readonly Pin[]>([])
const chosenKey = shallowRef<string | null>(null)

export const minutesOfPin = ({ item }: Pin): number =>
  (Date.parse(item.ends_at) - Date.parse(item.starts_at)) / 60_000

export function usePinboard(move: ReturnType<typeof useMoves>['move']) {
  const { t } = useI18n()
  const toast = useToast()
  const { offer } = useTaken()
  const there = useThere()
  const cache = useQueryCache()

  /** What the next click, Enter or Ctrl+V puts down. */
  const chosen = computed(() => pins.value.find(({ key }) => key === chosenKey.value) ?? null)

  function pin(item: AppointmentOut, kind: PinKind): void {
    const key = `pin-${kind}-${item.id}`
    pins.value = [...pins.value.filter((one) => one.item.id !== item.id), { key, kind, item }]
    chosenKey.value = null
  }

  function unpin(key: string): void {
    pins.value = pins.value.filter((one) => one.key !== key)
    if (chosenKey.value === key) chosenKey.value = null
  }

  const choose = (key: string | null) => (chosenKey.value = key === chosenKey.value ? null : key)

  /** As the grid carries it. */
  function carried({ key, item }: Pin): Carried {
    const minutes = minutesOfPin({ key, item, kind: 'cut' })
    return { id: key, item, name: item.patient_name, start: 0, end: minutes }
  }

  /** Somebody has changed one of them meanwhile. */
  function refresh(items: readonly AppointmentOut[]): void {
    const newest = new Map(items.map((item) => [item.id, item]))
    const isOld = ({ item }: Pin) => (newest.get(item.id)?.version ?? 0) > item.version
    if (!pins.value.some(isOld)) return
    pins.value = pins.value.map((one) => (isOld(one) ? { ...one, item: newest.get(one.item.id)! } : one))
  }

  async function paste(key: string, column: Column, start: number): Promise<void> {
    const one = pins.value.find((other) => other.key === key)
    if (!one) return
    const span = { start, end: start + minutesOfPin(one) }
    if (one.kind === 'copy') return copy(one.item, column, span)
    if (await move(one.item, column, span)) unpin(key)
  }

  /** Just as it is, for the same patient at another time; it stays on the board for the next one. */
  async function copy(item: AppointmentOut, column: Column, span: Span): Promise<void> {
    const to = fieldsAt(item, column, span)
    const key = newKey()

    async function go({ at, over }: Otherwise): Promise<void> {
      const place = { ...to, ...at }
      const { data: whole } = await appointmentsRetrieve({ path: { id: item.id } })
      const { segments, left } = partsAt(whole, place, await there.known(place.branch_id, whole))
      const { data: row } = await appointmentsCreate({
        body: {
          branch: place.branch_id,
          employee: place.employee_id,
          chair: place.chair_id,
          patient: item.patient_id,
          starts_at: place.starts_at,
          ends_at: place.ends_at,
          services: whole.services.map(({ service_id: service, quantity }) => ({ service, quantity })),
          source: item.source,
          note: item.note,
          is_urgent: item.is_urgent,
          color: whole.own_color,
          segments,
          copy_of: item.id,
          ...(over ? { overbook_reason: over } : {}),
        },
        // What is offered instead is another request.
        headers: idempotent(at || over ? newKey() : key),
      })
      toast.good(t('calendar.pin.copied', { name: item.patient_name }), { undo: () => takeBack(row) })
      if (left.length) toast.info(t('calendar.pin.left', { names: left.join(', ') }))
    }

    try {
      await go({})
    } catch (error) {
      await offer(error, { name: item.patient_name, slot: to, zone: column.zone, again: go })
    }
    void refreshOn(cache, ['appointments'])
  }

  async function takeBack({ id, version }: AppointmentOut): Promise<void> {
    const body = { version, by: 'clinic' as const, reason: t('calendar.cancel.reason.mistake') }
    await appointmentsCancel({ path: { id }, body }).catch((error) => toast.bad(reasonOf(error)))
    void refreshOn(cache, ['appointments'])
  }

  return { pins, chosen, pin, unpin, choose, carried, refresh, paste }
}
