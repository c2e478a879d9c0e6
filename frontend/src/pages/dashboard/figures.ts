/** A figure of a report as an address: which rows stand behind it. */

export interface Figure {
  of: 'money' | 'visits' | 'debts'
  from?: string
  to?: string
  branch?: string
  employee?: string
  /** Of money: nothing stands for payments less refunds. */
  kind?: 'payment' | 'refund' | 'invoice'
  method?: 'cash' | 'card'
  /** Of appointments: one status, or several under one word (`came`, `sure`, `held`, `live`, `asked`). */
  status?: string
  reason?: string
  canceled_by?: string
  is_new?: '1'
  weekday?: string
  hour?: string
}

const PARTS = [
  'from',
  'to',
  'branch',
  'employee',
  'kind',
  'method',
  'status',
  'reason',
  'canceled_by',
  'is_new',
  'weekday',
  'hour',
] as const

export function encode(figure: Figure): string {
  const words = new URLSearchParams({ of: figure.of })
  for (const name of PARTS) {
    const value = figure[name]
    // An empty reason is a reason of its own: none was given.
    if (value || (value === '' && (name === 'reason' || name === 'canceled_by'))) words.set(name, value)
  }
  return words.toString()
}

/** Null when the address was made up by somebody. */
export function decode(text: string | null): Figure | null {
  const words = new URLSearchParams(text ?? '')
  const of = words.get('of')
  if (of !== 'money' && of !== 'visits' && of !== 'debts') return null
  if (of !== 'debts' && !(words.get('from') && words.get('to'))) return null
  const parts = PARTS.filter((name) => words.has(name)).map((name) => [name, words.get(name)!])
  return { of, ...Object.fromEntries(parts) } as Figure
}

/** The key of the words that name a figure. */
export function nameOf(figure: Figure): string {
  if (figure.of === 'debts') return 'debt'
  if (figure.of === 'visits') return figure.is_new ? 'new_patients' : `visits_${figure.status ?? 'all'}`
  if (figure.kind === 'invoice') return 'billed'
  if (figure.kind === 'refund') return 'refunded'
  return figure.method ? `received_${figure.method}` : 'revenue'
}
