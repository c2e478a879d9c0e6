import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { formatTime } from '@/i18n/format'
import type { Status, Words } from './cards'

const STATUSES: Status[] = [
  'draft',
  'booked',
  'confirmed',
  'arrived',
  'in_progress',
  'done',
  'no_show',
  'canceled',
]

/** The words of the cards in the present language, each looked up once. */
export function useWords(zone: () => string) {
  const { t } = useI18n()
  return computed<Words>(() => {
    const clocks = new Map<string, string>()
    const usual = zone()
    return {
      clock(moment, at = usual) {
        const key = `${at}${moment}`
        let text = clocks.get(key)
        if (text === undefined) clocks.set(key, (text = formatTime(moment, at)))
        return text
      },
      status: Object.fromEntries(
        STATUSES.map((status) => [status, t(`status.${status}`)]),
      ) as Words['status'],
      isNew: t('calendar.mark.new'),
      debt: t('calendar.mark.debt'),
      allergy: t('calendar.mark.allergy'),
      unconfirmed: t('calendar.mark.unconfirmed'),
      urgent: t('calendar.mark.urgent'),
      over: t('calendar.over.mark'),
      parts: t('calendar.mark.parts'),
    }
  })
}
