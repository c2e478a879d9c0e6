import { useI18n } from 'vue-i18n'

/** 75 → `1 ч 15 мин` in the present language. */
export function useDuration() {
  const { t } = useI18n()
  return (minutes: number): string => {
    const hours = Math.floor(minutes / 60)
    const rest = minutes % 60
    return [
      hours && t('calendar.hours', { n: hours }),
      (rest || !hours) && t('calendar.minutes', { n: rest }),
    ]
      .filter(Boolean)
      .join('\u00a0')
  }
}
