/**
 * One axios instance for everything. The access token lives in this module's memory only; the refresh token is an
 * HttpOnly cookie that scripts cannot see.
 */
import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios'
import { i18n } from '@/i18n'
import { ApiError, asApiError } from './errors'
import type { SignedIn } from './types'

const OPEN = /\/api\/v1\/auth\/(login|refresh|activate)$/

let access: string | null = null
let refreshing: Promise<SignedIn> | null = null
let ended: () => void = () => {}
let renewed: (signedIn: SignedIn) => void = () => {}

export const http = axios.create({ timeout: 30_000, paramsSerializer: { indexes: null } })

/** Called with the new person on every renewal, and when the session is over. */
export function onSession(listeners: { renewed: (signedIn: SignedIn) => void; ended: () => void }): void {
  renewed = listeners.renewed
  ended = listeners.ended
}

export function setAccess(token: string | null): void {
  access = token
}

/** A new access token from the cookie. Everybody who asks meanwhile gets the same answer. */
export function refresh(): Promise<SignedIn> {
  refreshing ??= alone(async () => {
    const { data } = await http.post<SignedIn>('/api/v1/auth/refresh')
    access = data.access
    renewed(data)
    return data
  }).finally(() => (refreshing = null))
  return refreshing
}

/** Tabs share the cookie, and a refresh token works once, so tabs take turns where the browser can arrange it. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request('clinic-refresh', work) : await work()
}

/** A header that makes a repeated POST harmless. Make one key per intention and keep it while it is retried. */
export function idempotent(key: string = newKey()): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key }
}

export function newKey(): string {
  // randomUUID exists only on https and localhost; a clinic on its own network may have neither.
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('')
}

http.interceptors.request.use((config) => {
  config.headers.set('Accept-Language', i18n.global.locale.value)
  if (access && !OPEN.test(config.url ?? '')) config.headers.set('Authorization', `Bearer ${access}`)
  return config
})

http.interceptors.response.use(undefined, async (error: unknown) => {
  if (axios.isCancel(error)) throw error
  await readRefusal(error)
  const failure = asApiError(error)
  const config = axios.isAxiosError(error) ? (error.config as Retried | undefined) : undefined
  if (failure.status !== 401 || !config || config.retried || OPEN.test(config.url ?? '')) throw failure
  await renew()
  return http({ ...config, retried: true } as AxiosRequestConfig)
})

/** Whoever asks for a file gets its refusal as a file, too. */
async function readRefusal(error: unknown): Promise<void> {
  if (!axios.isAxiosError(error) || !(error.response?.data instanceof Blob)) return
  error.response.data = await error.response.data
    .text()
    .then(JSON.parse)
    .catch(() => null)
}

interface Retried extends InternalAxiosRequestConfig {
  retried?: boolean
}

async function renew(): Promise<void> {
  try {
    await refresh()
  } catch (error) {
    if (error instanceof ApiError && [400, 401, 403].includes(error.status)) {
      access = null
      ended()
    }
    throw error
  }
}
