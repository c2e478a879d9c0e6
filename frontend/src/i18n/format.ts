/** How dates, times, money and phones are written. Pure: the zone comes in, nothing is read from the browser. */

const NBSP = '\u00a0'
const MINUS = '\u2212'

type Moment = string | number | Date

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(moment: Moment, zone: string): Record<string, string> {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  return Object.fromEntries(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]))
}

/** `2026-11-22` or a moment → `22.11.2026`. A plain date has no zone and is only rearranged. */
export function formatDate(value: Moment, zone = 'UTC'): string {
  const plain = typeof value === 'string' && /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (plain) return `${plain[3]}.${plain[2]}.${plain[1]}`
  const { day, month, year } = parts(value, zone)
  return `${day}.${month}.${year}`
}

/** A moment → `14:30` as the clock of that zone shows it. */
export function formatTime(moment: Moment, zone: string): string {
  const { hour, minute } = parts(moment, zone)
  return `${hour}:${minute}`
}

export function formatDateTime(moment: Moment, zone: string): string {
  return `${formatDate(moment, zone)}${NBSP}${formatTime(moment, zone)}`
}

/** A moment → `2026-11-22`, the calendar day of that zone; the form the API speaks. */
export function dayIn(moment: Moment, zone: string): string {
  const { day, month, year } = parts(moment, zone)
  return `${year}-${month}-${day}`
}

/** `22.11.2026`, `22.11.26`, `22112026`, `2026-11-22` → `2026-11-22`, or null when there is no such day. */
export function parseDate(text: string): string | null {
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text)
  const local = /^\s*(\d{1,2})[.\s/-]?(\d{1,2})[.\s/-]?(\d{4}|\d{2})\s*$/.exec(text)
  if (!iso && !local) return null
  const [day, month, year] = iso ? [iso[3], iso[2], iso[1]] : [local![1], local![2], fullYear(local![3]!)]
  const result = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
  const date = new Date(`${result}T00:00:00Z`)
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(result) ? result : null
}

function fullYear(year: string): string {
  if (year.length === 4) return year
  return Number(year) > 50 ? `19${year}` : `20${year}`
}

/** `"12500.50"` → `12 500,50`: no-break spaces, decimals only when they are not zero, a true minus. */
export function formatNumber(amount: string | number): string {
  const text = typeof amount === 'number' ? String(amount) : amount
  const match = /^([-+]?)(\d+)(?:\.(\d+))?$/.exec(text.trim())
  if (!match) return text
  const whole = match[2]!.replace(/\B(?=(\d{3})+$)/g, NBSP)
  const rest = (match[3] ?? '').replace(/0+$/, '')
  const zero = /^0*$/.test(match[2]! + rest)
  const sign = match[1] === '-' && !zero ? MINUS : ''
  return sign + whole + (rest ? `,${rest.padEnd(2, '0')}` : '')
}

export function formatMoney(amount: string | number): string {
  return `${formatNumber(amount)}${NBSP}₸`
}

/** What a person typed or pasted (`12 500,5 ₸`) → `12500.5`, or null when it is not a sum. */
export function parseMoney(text: string): string | null {
  const clean = text
    .replace(/[\s\u00a0\u202f₸]|тг\.?/gi, '')
    .replace(',', '.')
    .replace(MINUS, '-')
  return /^-?\d+(\.\d{1,2})?$/.test(clean) ? clean.replace(/^(-?)0+(?=\d)/, '$1') : null
}

/** `+77011234567` → `+7 701 123 45 67`; other numbers stay as they are. */
export function formatPhone(phone: string): string {
  const match = /^\+?7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone)
  return match ? ['+7', ...match.slice(1)].join(NBSP) : phone
}

/** A phone pasted in any shape → `+77011234567`, or null while it is not complete. */
export function parsePhone(text: string): string | null {
  let digits = text.replace(/\D/g, '')
  if (!text.trim().startsWith('+') && digits.length === 10) digits = `7${digits}`
  if (digits.length === 11 && digits.startsWith('8')) digits = `7${digits.slice(1)}`
  if (digits.startsWith('7')) return digits.length === 11 ? `+${digits}` : null
  return text.trim().startsWith('+') && digits.length >= 8 && digits.length <= 15 ? `+${digits}` : null
}

interface Named {
  last_name: string
  first_name: string
  middle_name?: string | null
}

export function fullName(person: Named): string {
  return [person.last_name, person.first_name, person.middle_name].filter(Boolean).join(' ')
}

/** `Ахметова А. С.` with no-break spaces between the initials. */
export function shortName(person: Named): string {
  const initials = [person.first_name, person.middle_name].filter(Boolean).map((name) => `${name![0]}.`)
  return [person.last_name, ...initials].join(NBSP)
}

export function initialsOf(person: Named): string {
  return ((person.last_name[0] ?? '') + (person.first_name[0] ?? '')).toUpperCase()
}
