import { isAxiosError } from 'axios'
import { t } from '@/i18n'

/** What the server refused: the code is for the program, the message for the person, the fields for the form. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string[]> = {},
    readonly details: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }

  /** The first thing said about a field, also when the server speaks of a part of it (`works.0.price`). */
  field(name: string): string | undefined {
    const key = Object.keys(this.fields).find((path) => path === name || path.startsWith(`${name}.`))
    return key && this.fields[key]?.[0]
  }

  /** Where no field stands to show it at: what is wrong with one says more than that something is. */
  get reason(): string {
    return Object.values(this.fields)[0]?.[0] ?? this.message
  }

  /** Nothing reached the server, or nothing came back. */
  get isNetwork(): boolean {
    return this.status === 0
  }
}

/** Any thrown thing as an ApiError, so that a screen has one kind of trouble to show. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (isAxiosError(error)) {
    if (!error.response) return new ApiError(0, 'network', t('error.network'))
    const { status, data } = error.response
    if (data && typeof data === 'object' && typeof data.code === 'string') {
      return new ApiError(status, data.code, String(data.message), data.fields ?? {}, data.details ?? {})
    }
    return new ApiError(status, 'error', t('error.unknown'))
  }
  return new ApiError(-1, 'error', t('error.unknown'))
}
