/** What stands around the grid and has an address: breaks, kept hours, who waits, who is absent. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import type { AppointmentOut, WaitingOut } from '@/api/generated'
import { useDrawer } from '@/components/useDrawer'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { useSession } from '@/stores/session'
import type { Column } from './grid/cards'
import { momentOf, type Span } from './grid/grid'
import type { Carried } from './grid/useDrag'
import { gapsCode, usual } from './gaps/gaps'
import { chairAt } from './grid/useMoves'
import { type Otherwise, useTaken } from './taken/useTaken'
import { useWaiting } from './waiting/useWaiting'

const WAITING = 'waiting-'

export function useAround(print: (employee: string) => void) {
  const { t } = useI18n()
  const toast = useToast()
  const { offer } = useTaken()
  const session = useSession()
  const { date, time } = useFormat()
  const [route, router] = [useRoute(), useRouter()]
  const [pause, reserve, rules] = [useDrawer('break'), useDrawer('reserve'), useDrawer('rules')]
  const [waiting, waiter, booked] = [useDrawer('waiting'), useDrawer('waiter'), useDrawer('give')]
  const [absent, freed, gaps] = [useDrawer('absent'), useDrawer('freed'), useDrawer('gaps')]
  const { book } = useWaiting(() => false)
  let carried: WaitingOut | null = null

  /** A form is open: the keys of the page rest. */
  const isBusy = () => [pause, reserve, waiter, booked, absent].some(({ id }) => id.value !== null)

  function toggleWaiting(): void {
    if (waiting.id.value) waiting.close()
    else waiting.open('list')
  }

  /** Opens on what is usual, for the whole branch. */
  function toggleGaps(): void {
    if (gaps.id.value) gaps.close()
    else gaps.open(gapsCode(usual()))
  }

  /** Instead of the form about the absent doctor: who waits because of it. */
  function showWaiting(): void {
    const query = { ...route.query, waiting: 'list' }
    delete (query as Record<string, unknown>).absent
    void router.replace({ query })
  }

  /** The menu over a doctor's column. */
  const acts = computed(() => {
    const paper = { key: 'print', label: t('calendar.list.print_doctor') }
    if (!session.may('appointments:write')) return [paper]
    return [
      paper,
      { key: 'pause', label: t('calendar.absent.pause') },
      { key: 'reserve', label: t('calendar.absent.reserve') },
      { key: 'gaps', label: t('calendar.gaps.title') },
      ...(session.may('staff:write')
        ? [{ key: 'substitute', label: `${t('calendar.absent.substitute')}…` }]
        : []),
      { key: 'cancel', label: `${t('calendar.absent.cancel')}…`, danger: true },
    ]
  })

  function act(what: string, employee: string | null): void {
    if (what === 'gaps') gaps.open(gapsCode(usual(employee)))
    else if (!employee) return
    else if (what === 'print') print(employee)
    else if (what === 'pause') pause.open(`of~${employee}`)
    else if (what === 'reserve') reserve.open(`of~${employee}`)
    else absent.open(`${what}~${employee}`)
  }

  /** As the grid carries somebody who has no appointment yet. */
  function carry(entry: WaitingOut): Carried {
    carried = entry
    const item = { status: 'booked' } as AppointmentOut
    return { id: WAITING + entry.id, item, name: entry.patient_name, start: 0, end: entry.minutes }
  }

  /** True when what was put down came from the waiting list. */
  function drop({ id }: Carried, column: Column, { start, end }: Span): boolean {
    if (!carried || id !== WAITING + carried.id) return false
    void give(carried, column, start, end)
    return true
  }

  async function give(entry: WaitingOut, column: Column, start: number, end: number): Promise<void> {
    const { place, scale, head } = column
    const starts_at = momentOf(scale, start)
    const employee = place.employee || entry.employee_id || ''
    const chair = place.chair === undefined ? chairAt(head, starts_at) : place.chair
    if (!employee || place.branch !== entry.branch_id) return booked.open(entry.id)
    const slot = { starts_at, ends_at: momentOf(scale, end) }

    async function go({ at, over }: Otherwise): Promise<void> {
      const there = { ...slot, ...at }
      await book(entry, { employee, chair, ...there, ...(over ? { overbook_reason: over } : {}) })
      const when = `${date(there.starts_at)}, ${time(there.starts_at)}`
      toast.good(t('calendar.booked', { name: entry.patient_name, when }))
    }

    try {
      await go({})
    } catch (refusal) {
      await offer(refusal, { name: entry.patient_name, slot, zone: column.zone, again: go })
    }
  }

  return {
    pause,
    reserve,
    rules,
    waiting,
    waiter,
    booked,
    absent,
    freed,
    gaps,
    isBusy,
    toggleWaiting,
    toggleGaps,
    showWaiting,
    acts,
    act,
    carry,
    drop,
  }
}
