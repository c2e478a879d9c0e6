import type { GapsOut } from '@/api/generated'

/** What the gap closer is asked, as it stands in the address: `all~60~60~`, `<doctor>~45~90~confirmed`. */
export interface Wish {
  /** One doctor, or null for everybody of the branch. */
  employee: string | null
  /** The shortest free time that is of use, in minutes. */
  least: number
  /** No appointment moves by more. */
  shift: number
  /** Confirmed ones may move, too. */
  confirmed: boolean
}

export const LEAST = [30, 45, 60, 90] as const
export const SHIFT = [15, 30, 60, 90] as const

const ALL = 'all'
const CONFIRMED = 'confirmed'

export function usual(employee: string | null = null): Wish {
  return { employee, least: 60, shift: 60, confirmed: false }
}

export function gapsCode({ employee, least, shift, confirmed }: Wish): string {
  return [employee ?? ALL, least, shift, confirmed ? CONFIRMED : ''].join('~')
}

/** An address that somebody has spoiled asks what is usual. */
export function readGaps(code: string | null): Wish | null {
  if (!code) return null
  const [whose, least, shift, confirmed] = code.split('~')
  const plain = usual(whose && whose !== ALL ? whose : null)
  return {
    ...plain,
    least: LEAST.find((one) => String(one) === least) ?? plain.least,
    shift: SHIFT.find((one) => String(one) === shift) ?? plain.shift,
    confirmed: confirmed === CONFIRMED,
  }
}

/** Where nothing is won: why, and which other wish may win something. */
export function instead({ employees }: Pick<GapsOut, 'employees'>, { shift }: Wish) {
  const items = employees.flatMap((one) => one.items)
  const allow = items.some(({ fixed }) => fixed === CONFIRMED)
  const further = items.some(({ fixed }) => !fixed) ? SHIFT.find((one) => one > shift) : undefined
  const why = !items.length ? 'empty' : allow || further ? 'try' : 'best'
  return { allow, further, why } as const
}
