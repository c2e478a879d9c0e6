/** Saying of those whose time is over whether they came: one, or all of them together. */
import { useQueryCache } from '@pinia/colada'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { asApiError } from '@/api/errors'
import {
  type AppointmentOut,
  appointmentsRestore,
  appointmentsStatus,
  missedCreate,
  missedUndo,
} from '@/api/generated'
import { refreshOn } from '@/api/realtime'
import { useConfirm } from '@/components/useConfirm'
import { useToast } from '@/components/useToast'
import { reasonOf, wordOf } from '../taken/reason'

/** The order in which the server counts those that it was told of. */
const byTime = (one: AppointmentOut, other: AppointmentOut) =>
  one.starts_at.localeCompare(other.starts_at) || one.id.localeCompare(other.id)

export function useMissed() {
  const { t } = useI18n()
  const toast = useToast()
  const confirm = useConfirm()
  const cache = useQueryCache()
  /** What is being told right now, or `all`. */
  const busy = ref<string | null>(null)

  const send = async ({ id, version }: AppointmentOut, status: AppointmentOut['status']) =>
    (await appointmentsStatus({ path: { id }, body: { version, status } })).data

  /** Back to where it stood; a "no show" gave its time back and asks for it anew. */
  async function back({ id, version, status }: AppointmentOut, before: AppointmentOut['status']) {
    const { data } =
      status === 'no_show'
        ? await appointmentsRestore({ path: { id }, body: { version } })
        : await appointmentsStatus({ path: { id }, body: { version, status: 'booked' } })
    if (before === 'confirmed') await send(data, 'confirmed')
  }

  async function working(what: string, work: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = what
    try {
      await work()
    } catch (refusal) {
      toast.bad(reasonOf(refusal))
    } finally {
      busy.value = null
      void refreshOn(cache, ['appointments', 'visits'])
    }
  }

  const mark = (one: AppointmentOut, status: 'no_show' | 'arrived') =>
    working(one.id, async () => {
      const row = await send(one, status)
      toast.good(t('calendar.now_status', { name: one.patient_name, status: t(`status.${status}`) }), {
        undo: () => working(one.id, () => back(row, one.status)),
      })
    })

  /** In one request; those that could not be marked are named, the others are. */
  async function markAll(all: readonly AppointmentOut[]): Promise<void> {
    const [first] = all
    if (!first) return
    const branch = first.branch_id
    const title = t('calendar.overdue.all_title', { n: all.length }, all.length)
    const names = all.map(({ patient_name }) => patient_name).join(', ')
    if (!(await confirm({ title, text: names, yes: t('calendar.overdue.all') }))) return
    await working('all', async () => {
      const appointments = all.map(({ id, version }) => ({ appointment: id, version }))
      const { items, refused } = (await missedCreate({ body: { branch, appointments } })).data
      if (items.length)
        toast.good(t('calendar.overdue.all_done', { n: items.length }, items.length), {
          undo: () => working('all', () => allBack(branch, items, all)),
        })
      const words = refused.map((one) => `${one.patient_name}: ${wordOf(one)}`)
      if (words.length) toast.bad(`${t('calendar.overdue.refused')} ${words.join('; ')}`)
    })
  }

  /** All of them into their time, as they were before, or none. */
  async function allBack(
    branch: string,
    marked: readonly AppointmentOut[],
    before: readonly AppointmentOut[],
  ): Promise<void> {
    const was = new Map(before.map(({ id, status }) => [id, status]))
    const appointments = marked.map(({ id, version }) => ({
      appointment: id,
      version,
      status: was.get(id) === 'confirmed' ? ('confirmed' as const) : ('booked' as const),
    }))
    try {
      await missedUndo({ body: { branch, appointments } })
    } catch (refusal) {
      const { code, details } = asApiError(refusal)
      if (code !== 'series_conflicts') throw refusal
      const order = [...marked].sort(byTime)
      const taken = (details.conflicts as { index: number }[]).map(({ index }) => order[index]!.patient_name)
      toast.bad(`${t('calendar.overdue.refused_back')} ${taken.join(', ')}`)
    }
  }

  return { busy, mark, markAll }
}
