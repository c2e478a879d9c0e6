import { useI18n } from 'vue-i18n'
import { useUi } from '@/stores/ui'

export type Hours = Record<string, string[]>
export const WEEK = ['1', '2', '3', '4', '5', '6', '7']

/** Days that follow one another with the same hours, as one: `[['1', '5', '09:00', '20:00'], …]`. */
export function spans(hours: Hours): [first: string, last: string, opens: string, closes: string][] {
  const found: [string, string, string, string][] = []
  for (const day of WEEK) {
    const [opens, closes] = hours[day] ?? []
    if (!opens || !closes) continue
    const last = found.at(-1)
    if (last && Number(last[1]) === Number(day) - 1 && last[2] === opens && last[3] === closes) last[1] = day
    else found.push([day, day, opens, closes])
  }
  return found
}

export function useHours() {
  const { t } = useI18n()
  const ui = useUi()

  /** `пн`, `вт` in the person's language: 5 January 2026 was a Monday. */
  function weekday(day: string, form: 'short' | 'long' = 'short'): string {
    const moment = new Date(Date.UTC(2026, 0, 4 + Number(day)))
    return new Intl.DateTimeFormat(ui.language, { weekday: form, timeZone: 'UTC' }).format(moment)
  }

  function inWords(hours: Hours): string {
    const parts = spans(hours).map(([first, last, opens, closes]) => {
      const days = first === last ? weekday(first) : `${weekday(first)}–${weekday(last)}`
      return `${days} ${opens}–${closes}`
    })
    return parts.join(', ') || t('settings.never_open')
  }

  return { weekday, inWords }
}
