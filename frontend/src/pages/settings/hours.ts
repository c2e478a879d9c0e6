import { useI18n } from 'vue-i18n'
import { clockMinutes, clockText, weekOf, written } from '@/pages/calendar/dates'

export type Hours = Record<string, string[]>
export const WEEK = ['1', '2', '3', '4', '5', '6', '7']
const DAYS = weekOf('2026-01-05')

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

/** `9`, `930`, `9:30` → `09:30`; a day may close at `24:00`. */
export function readClock(text: string): string | null {
  if (/^\s*24(\D?00)?\s*$/.test(text)) return '24:00'
  const minutes = clockMinutes(text)
  return minutes === null ? null : clockText(minutes)
}

export function useHours() {
  const { t, locale } = useI18n()

  function weekday(day: string, form: 'short' | 'long' = 'short'): string {
    return written(DAYS[Number(day) - 1]!, locale.value, { weekday: form })
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
