/** Calendar days as plain `2026-11-23`: they have no zone and no hour. */
export function isDay(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && addDays(value, 0) === value
}

const dateOf = (day: string): Date => new Date(`${day}T00:00:00Z`)

export function addDays(day: string, days: number): string {
  const date = dateOf(day)
  if (Number.isNaN(date.valueOf())) return ''
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** Monday 1 … Sunday 7. */
export function weekday(day: string): number {
  return dateOf(day).getUTCDay() || 7
}

export function weekOf(day: string): string[] {
  const monday = addDays(day, 1 - weekday(day))
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index))
}

/** The first of the month, some months away. */
export function monthFrom(day: string, months: number): string {
  const date = dateOf(`${day.slice(0, 7)}-01`)
  date.setUTCMonth(date.getUTCMonth() + months)
  return date.toISOString().slice(0, 10)
}

/** Six whole weeks, so that the height never changes. */
export function monthWeeks(day: string): string[][] {
  const monday = addDays(`${day.slice(0, 7)}-01`, 1 - weekday(`${day.slice(0, 7)}-01`))
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, index) => addDays(monday, week * 7 + index)),
  )
}

export function written(day: string, language: string, how: Intl.DateTimeFormatOptions): string {
  if (language === 'kk') return inKazakh(day, how)
  const locale = language === 'en' ? 'en-GB' : language
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...how }).format(dateOf(day))
}

// Many browsers know no Kazakh names and would answer in another language.
const KK_MONTHS = 'қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан'.split(
  ' ',
)
const KK_DAYS = 'дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі'.split(' ')
const KK_SHORT = 'дс сс ср бс жм сб жс'.split(' ')

function inKazakh(day: string, how: Intl.DateTimeFormatOptions): string {
  const names = how.weekday === 'short' ? KK_SHORT : KK_DAYS
  const date = [
    how.year && `${day.slice(0, 4)} ж.`,
    how.day && Number(day.slice(8)),
    how.month && KK_MONTHS[Number(day.slice(5, 7)) - 1],
  ]
  return [date.filter(Boolean).join(' '), how.weekday && names[weekday(day) - 1]].filter(Boolean).join(', ')
}

/** `14:30`, `1430`, `9` → minutes after midnight; null when it is no time. */
export function clockMinutes(text: string): number | null {
  const match = /^\s*(\d{1,2})\s*[:.\s-]?\s*(\d{2})?\s*$/.exec(text)
  if (!match) return null
  const [hours, minutes] = [Number(match[1]), Number(match[2] ?? 0)]
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null
}

export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** What the clock on the wall of that zone means, as a moment. */
export function momentIn(day: string, clock: string, zone: string): string {
  const wanted = Date.parse(`${day}T${clock}:00Z`)
  const first = wanted - offset(wanted, zone)
  return new Date(wanted - offset(first, zone)).toISOString()
}

const offsets = new Map<string, Intl.DateTimeFormat>()

/** How far the clock of the zone is ahead of UTC at that moment, in milliseconds. */
function offset(moment: number, zone: string): number {
  let format = offsets.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    offsets.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  const local = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`)
  return local - Math.floor(moment / 60_000) * 60_000
}
