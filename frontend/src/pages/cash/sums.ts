/** Arithmetic of the cash desk on the API's text sums; in tiyn, so that nothing is lost to binary fractions. */
const NOTES = [1_000, 2_000, 5_000, 10_000, 20_000]

export function tiyn(amount: string | null | undefined): number {
  return Math.round(Number(amount ?? 0) * 100)
}

export function text(amount: number): string {
  return (amount / 100).toFixed(2)
}

/** What is left of a sum once a part is taken; null when nothing is. */
export function rest(sum: string | null, part: string | null): string | null {
  const left = tiyn(sum) - tiyn(part)
  return left > 0 ? text(left) : null
}

/** What people usually hand over for a sum: the next round ones, the least first. */
export function handed(asked: string | null): string[] {
  const sum = tiyn(asked)
  if (sum <= 0) return []
  const round = NOTES.map((note) => Math.ceil(sum / (note * 100)) * note * 100)
  return [...new Set(round)]
    .filter((one) => one > sum)
    .slice(0, 3)
    .map(text)
}

/** Counted less expected: negative when the drawer is short. */
export function difference(counted: string | null, expected: string | null): string | null {
  return counted === null || counted === '' ? null : text(tiyn(counted) - tiyn(expected))
}
