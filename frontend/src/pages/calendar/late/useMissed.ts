/** Saying of those whose time is over whether they came: one, or all of them one after the other. */
import { useQueryCache } from '@pinia/colada'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { type AppointmentOut, appointmentsRestore, appointmentsStatus } from '@/api/generated'
import { refreshOn } from '@/api/realtime'
import { useConfirm } from '@/components/useConfirm'
import { useToast } from '@/components/useToast'
import { reasonOf } from '../taken/reason'

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

  /** There is no single request for it: each is told on its own, and those that were refused are named. */
  async function markAll(all: readonly AppointmentOut[]): Promise<void> {
    const title = t('calendar.overdue.all_title', { n: all.length }, all.length)
    const names = all.map(({ patient_name }) => patient_name).join(', ')
    if (!(await confirm({ title, text: names, yes: t('calendar.overdue.all') }))) return
    await working('all', async () => {
      const done: [AppointmentOut, AppointmentOut['status']][] = []
      const refused: string[] = []
      for (const one of all) {
        try {
          done.push([await send(one, 'no_show'), one.status])
        } catch (refusal) {
          refused.push(`${one.patient_name}: ${reasonOf(refusal)}`)
        }
      }
      if (done.length)
        toast.good(t('calendar.overdue.all_done', { n: done.length }, done.length), {
          undo: () => working('all', () => allBack(done)),
        })
      if (refused.length) toast.bad(`${t('calendar.overdue.refused')} ${refused.join('; ')}`)
    })
  }

  async function allBack(done: readonly [AppointmentOut, AppointmentOut['status']][]): Promise<void> {
    const refused: string[] = []
    for (const [row, before] of done)
      await back(row, before).catch((refusal) => refused.push(`${row.patient_name}: ${reasonOf(refusal)}`))
    if (refused.length) toast.bad(`${t('calendar.overdue.refused_back')} ${refused.join('; ')}`)
  }

  return { busy, mark, markAll }
}
