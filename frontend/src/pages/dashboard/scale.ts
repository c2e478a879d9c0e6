/** Arithmetic of the charts. */

/** The least of 1, 2, 2.5, 5 × 10ⁿ steps that holds the largest value, with at most four lines above zero. */
export function ticks(largest: number): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = largest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n * 4 >= largest * 0.999999)!
  const lines = Math.ceil(largest / step - 0.000001)
  return Array.from({ length: lines + 1 }, (_, index) => index * step)
}

/** 0 nothing … 5 the fullest. */
export function heatClass(value: number, largest: number): number {
  return value > 0 && largest > 0 ? Math.min(5, Math.max(1, Math.ceil((5 * value) / largest))) : 0
}

export interface Change {
  how: 'more' | 'less' | 'same' | 'from_zero'
  by: number
}

/** How far a figure is from what it was: in percent for money, in pieces for a count. */
export function changeOf(value: number, before: number, percent: boolean): Change {
  if (value === before) return { how: 'same', by: 0 }
  if (percent && before <= 0) return { how: 'from_zero', by: 0 }
  const by = percent ? Math.round((100 * Math.abs(value - before)) / before) : Math.abs(value - before)
  if (!by) return { how: 'same', by }
  return { how: value > before ? 'more' : 'less', by }
}

/** `1234567` → `1,2 млн`: enough for an axis. The words come in. */
export function short(value: number, thousand: string, million: string): string {
  const written = (n: number) => String(Math.round(n * 10) / 10).replace('.', ',')
  if (Math.abs(value) >= 1_000_000) return `${written(value / 1_000_000)}\u00a0${million}`
  return Math.abs(value) >= 1000 ? `${written(value / 1000)}\u00a0${thousand}` : written(value)
}

/** Sums of money in text, added without losing a tiyn. */
export function sum(amounts: readonly string[]): string {
  return (amounts.reduce((total, one) => total + Math.round(Number(one) * 100), 0) / 100).toFixed(2)
}
