import { asApiError } from '@/api/errors'
import { t } from '@/i18n'
import { useFormat } from '@/i18n/useFormat'

interface Refused {
  code: string
  message: string
  details: Record<string, unknown>
}

/** The most telling sentence of a refusal. */
export function reasonOf(error: unknown): string {
  const { code, reason, details } = asApiError(error)
  return wordOf({ code, message: reason, details })
}

/** The same of a refusal that came as a part of an answer. */
export function wordOf({ code, message, details }: Refused): string {
  if (code === 'stale') return whoChanged(details)
  const names = ((details.resources ?? []) as { name: string }[]).map(({ name }) => name).filter(Boolean)
  return [message, names.join(', ')].filter(Boolean).join(' ')
}

/** The sentence of the server is for a form, whose text is kept. */
function whoChanged({ by, at }: { by?: string | null; at?: string }): string {
  return t('stale.title', { who: by ?? t('stale.somebody'), time: at ? useFormat().time(at) : '' }).trim()
}
