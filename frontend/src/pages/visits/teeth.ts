/** Tooth numbers of ISO 3950: the quadrant, then the place counted from the middle of the jaw. */
const PERMANENT = [1, 2, 3, 4] as const
const MILK = [5, 6, 7, 8] as const

const row = (quadrant: number): number[] =>
  Array.from({ length: quadrant > 4 ? 5 : 8 }, (_, index) => quadrant * 10 + index + 1)

export function isTooth(number: number): boolean {
  const quadrant = Math.floor(number / 10)
  const place = number % 10
  return quadrant >= 1 && quadrant <= 8 && place >= 1 && place <= (quadrant > 4 ? 5 : 8)
}

export const isMilk = (number: number): boolean => number > 50

/** The four quarters as one looks at the patient: his right on the left, upper jaw first. */
export function quarters(milk: boolean): number[][] {
  const [upperRight, upperLeft, lowerLeft, lowerRight] = (milk ? MILK : PERMANENT).map(row)
  return [upperRight!.reverse(), upperLeft!, lowerRight!.reverse(), lowerLeft!]
}

/** What a person typed: `16`, `1.6`, `36 зуб`; null when there is no such tooth. */
export function parseTooth(text: string): number | null {
  const digits = text.replace(/\D/g, '')
  return digits.length === 2 && isTooth(Number(digits)) ? Number(digits) : null
}
