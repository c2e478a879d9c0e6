import { useSession } from '@/stores/session'
import * as format from './format'

/** Dates and times as the clock of the chosen branch shows them. */
export function useFormat() {
  const session = useSession()
  return {
    ...format,
    date: (moment: string | Date) => format.formatDate(moment, session.zone),
    time: (moment: string | Date) => format.formatTime(moment, session.zone),
    dateTime: (moment: string | Date) => format.formatDateTime(moment, session.zone),
    today: () => format.dayIn(new Date(), session.zone),
  }
}
