/** Arithmetic of the cash desk on the API's text sums; in tiyn, so that nothing is lost to binary fractions. */
export function tiyn(amount: string | null | undefined): number {
  return Math.round(Number(amount ?? 0) * 100)
}

export function text(amount: number): string {
  return (amount / 100).toFixed(2)
}

/** What to give back; null while less was received than asked. */
export function change(received: string | null, asked: string | null): string | null {
  const back = tiyn(received) - tiyn(asked)
  return received && back >= 0 ? text(back) : null
}

/** Counted less expected: negative when the drawer is short. */
export function difference(counted: string | null, expected: string | null): string | null {
  return counted === null || counted === '' ? null : text(tiyn(counted) - tiyn(expected))
}
