/** After a move: whether somebody waits for the place that it has left. */
import { useI18n } from 'vue-i18n'
import { type AppointmentOut, waitingCandidates } from '@/api/generated'
import { useDrawer } from '@/components/useDrawer'
import { useToast } from '@/components/useToast'
import { useFormat } from '@/i18n/useFormat'
import { freedCode, leftBy } from './freed'

export function useLeft() {
  const { t } = useI18n()
  const { time } = useFormat()
  const toast = useToast()
  const drawer = useDrawer('freed')

  /** Asked when the move is done, so that it waits for nothing. Returns how to take the hint back. */
  function tell(was: AppointmentOut, is: AppointmentOut): () => void {
    let isOver = false
    let shown: number | undefined
    void ask().catch(() => undefined) // a hint that does not come is no fault of the move

    async function ask(): Promise<void> {
      const place = leftBy(was, is, Date.now())
      if (!place) return
      const { branch, employee, starts_at, ends_at } = place
      const { data } = await waitingCandidates({ query: { branch, employee, starts_at, ends_at } })
      if (isOver || !data.items.length) return
      const when = `${time(starts_at)}–${time(ends_at)}`
      const fit = t('calendar.freed.fit', data.items.length)
      shown = toast.info(t('calendar.freed.left', { when, fit }), {
        act: { text: t('calendar.freed.show'), run: () => drawer.open(freedCode(place)) },
      })
    }

    return () => {
      isOver = true
      if (shown) toast.hide(shown)
    }
  }

  return { tell }
}
