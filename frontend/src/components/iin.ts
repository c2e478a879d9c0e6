/** The number of a person in Kazakhstan: 12 digits, birth date, century and sex, and a check digit. */

const FIRST = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const SECOND = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

export function isIin(text: string): boolean {
  if (!/^\d{12}$/.test(text) || !birthOfIin(text)) return false
  const digits = [...text].map(Number)
  const sum = (weights: number[]) => weights.reduce((total, weight, i) => total + weight * digits[i]!, 0) % 11
  const check = sum(FIRST) === 10 ? sum(SECOND) : sum(FIRST)
  return check < 10 && check === digits[11]
}

/** `900101…` → `1990-01-01`, null when the digits are no date. */
export function birthOfIin(iin: string): string | null {
  const century = { 1: '18', 2: '18', 3: '19', 4: '19', 5: '20', 6: '20' }[iin[6] ?? '']
  const match = /^(\d{2})(\d{2})(\d{2})/.exec(iin)
  if (!century || !match) return null
  const day = `${century}${match[1]}-${match[2]}-${match[3]}`
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(day) ? day : null
}

export function sexOfIin(iin: string): 'male' | 'female' | null {
  const digit = Number(iin[6])
  if (!(digit >= 1 && digit <= 6)) return null
  return digit % 2 ? 'male' : 'female'
}
