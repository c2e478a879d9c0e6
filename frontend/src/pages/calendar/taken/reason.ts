import { asApiError } from '@/api/errors'
import { t } from '@/i18n'
import { useFormat } from '@/i18n/useFormat'

/** The most telling sentence of a refusal. */
export function reasonOf(error: unknown): string {
  const { code, reason, details } = asApiError(error)
  if (code === 'stale') return whoChanged(details)
  const names = ((details.resources ?? []) as { name: string }[]).map(({ name }) => name).filter(Boolean)
  return [reason, names.join(', ')].filter(Boolean).join(' ')
}

/** The sentence of the server is for a form, whose text is kept. */
function whoChanged({ by, at }: { by?: string | null; at?: string }): string {
  return t('stale.title', { who: by ?? t('stale.somebody'), time: at ? useFormat().time(at) : '' }).trim()
}
