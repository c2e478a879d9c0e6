/** Arithmetic of the works done. In whole tiyn and hundredths of a percent, so that no binary fraction loses one. */
export interface Work {
  service: string
  name: string
  is_tooth_bound: boolean
  tooth: number | null
  quantity: number
  price: string
  discount_percent: string
  employee: string | null
  employee_name: string
}

type Priced = Pick<Work, 'quantity' | 'price' | 'discount_percent'>

/** `"12500.5"` → 1250050n: hundredths of a decimal text. */
export function hundredths(text: string): bigint {
  const [whole = '0', rest = ''] = text.split('.')
  return BigInt(whole || '0') * 100n + BigInt(rest.slice(0, 2).padEnd(2, '0'))
}

export function decimal(amount: bigint): string {
  return `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`
}

/** Price × quantity less the discount, half a tiyn up: as the server counts. */
function tiyn({ price, quantity, discount_percent }: Priced): bigint {
  const share = 10_000n - hundredths(discount_percent)
  return (hundredths(price) * BigInt(quantity) * share + 5_000n) / 10_000n
}

export const amount = (work: Priced): string => decimal(tiyn(work))

export interface Sums {
  /** Before discounts. */
  full: string
  discount: string
  total: string
}

export function sums(works: readonly Priced[]): Sums {
  let full = 0n
  let total = 0n
  for (const work of works) {
    full += hundredths(work.price) * BigInt(work.quantity)
    total += tiyn(work)
  }
  return { full: decimal(full), discount: decimal(full - total), total: decimal(total) }
}

/** A quantity somebody typed; null when it is not 1-99. */
export function parseQuantity(text: string): number | null {
  const value = text.trim()
  return /^[1-9]\d?$/.test(value) ? Number(value) : null
}

/** A discount somebody typed, up to the cap; null when it cannot be one. */
export function parseDiscount(text: string, cap: string): string | null {
  const value = text.replace(/[\s%]/g, '').replace(',', '.')
  if (value === '') return '0'
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(value) || hundredths(value) > hundredths(cap)) return null
  return value
}

/** Services that are done on a tooth and do not say on which. */
export const withoutTooth = (works: readonly Work[]): number =>
  works.filter((work) => work.is_tooth_bound && work.tooth === null).length
