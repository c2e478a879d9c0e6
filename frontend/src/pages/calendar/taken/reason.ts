import { asApiError } from '@/api/errors'

/** The most telling sentence of a refusal. */
export function reasonOf(error: unknown): string {
  const { fields, message, details } = asApiError(error)
  const first = Object.values(fields)[0]?.[0]
  const names = ((details.resources ?? []) as { name: string }[]).map(({ name }) => name).filter(Boolean)
  return [first ?? message, names.join(', ')].filter(Boolean).join(' ')
}
