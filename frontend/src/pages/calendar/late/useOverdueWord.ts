/** How late somebody is, in words; empty: he is not. */
import { useI18n } from 'vue-i18n'
import type { AppointmentOut } from '@/api/generated'
import { useDuration } from '../useDuration'
import type { useLate } from './useLate'

export function useOverdueWord(late: ReturnType<typeof useLate>) {
  const { t } = useI18n()
  const duration = useDuration()

  return (one: Pick<AppointmentOut, 'status' | 'starts_at' | 'ends_at'>): string => {
    const kind = late.of(one)
    if (kind === 'late') return t('calendar.overdue.by', { duration: duration(late.minutes(one)) })
    return kind ? t('calendar.overdue.missed') : ''
  }
}
