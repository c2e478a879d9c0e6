/**
 * The socket says *what* changed, never *how*: whoever shows it reads it again through the API, where rights live.
 * While the socket is away, what is on the screen is read every 15 seconds instead.
 */
import type { useQueryCache } from '@pinia/colada'
import { onScopeDispose, ref, type Ref } from 'vue'
import { http } from './client'
import { ApiError } from './errors'

export interface Changed {
  resource: string
  id: string
  by?: string | null
  /** The record's version after the change: whoever holds it already has seen this. */
  version?: number
}

export type LiveState = 'live' | 'reconnecting' | 'offline'
type Cache = Pick<ReturnType<typeof useQueryCache>, 'invalidateQueries'>

const PING_EVERY = 20_000
const POLL_EVERY = 15_000
const GATHER_FOR = 60
const SLOWEST = 30_000

const listeners = new Set<(changed: Changed) => void>()

/** Hear of each change of a resource, for example to show who made it. */
export function useChanges(resource: string, heard: (changed: Changed) => void): void {
  const listener = (changed: Changed) => changed.resource === resource && heard(changed)
  listeners.add(listener)
  onScopeDispose(() => listeners.delete(listener))
}

/** Reads again every shown query whose tags name one of the resources; the others are only marked as old. */
export function refreshOn(cache: Cache, resources: Iterable<string>): Promise<void> {
  const changed = new Set(resources)
  return readAgain(cache, {
    predicate: ({ key }) => {
      const tags = (key[0] as { tags?: string[] } | undefined)?.tags
      return tags?.some((tag) => changed.has(tag)) ?? false
    },
  })
}

/** A read that fails is told by the query that shows it, not by whoever asked for it. */
async function readAgain(cache: Cache, which: Parameters<Cache['invalidateQueries']>[0]): Promise<void> {
  await Promise.resolve(cache.invalidateQueries(which)).catch(() => {})
}

/** 1, 2, 4 … 30 seconds, each a little different so that a whole clinic does not come back at once. */
export function pause(attempt: number, random: () => number = Math.random): number {
  return Math.min(1000 * 2 ** attempt, SLOWEST) * (0.75 + random() * 0.5)
}

export interface Live {
  state: Ref<LiveState>
  /** Connect for this branch; an empty one hangs up. */
  watch: (branch: string | null) => void
  stop: () => void
}

export function createLive(cache: Cache): Live {
  const state = ref<LiveState>('reconnecting')
  const gathered = new Set<string>()
  let branch: string | null = null
  let socket: WebSocket | null = null
  let turn = 0 // a late answer for an earlier branch or attempt is not listened to
  let attempt = 0
  let answered = true
  let hears = false
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let gatherTimer: ReturnType<typeof setTimeout> | undefined

  const readShown = () => readAgain(cache, { active: true })

  const pingTimer = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return
    if (hears && !answered) return socket.close()
    answered = false
    socket.send('ping')
  }, PING_EVERY)

  const pollTimer = setInterval(() => {
    if (branch && state.value !== 'live' && !document.hidden) void readShown()
  }, POLL_EVERY)

  async function connect(): Promise<void> {
    const mine = ++turn
    clearTimeout(retryTimer)
    try {
      const { data } = await http.post<{ ticket: string; url: string }>('/api/v1/auth/socket-ticket', {
        branch,
      })
      if (mine !== turn) return
      open(data.url, data.ticket, mine)
    } catch (error) {
      if (mine === turn) lost(error instanceof ApiError && error.isNetwork ? 'offline' : 'reconnecting')
    }
  }

  function open(url: string, ticket: string, mine: number): void {
    const address = new URL(url, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    const opened = new WebSocket(address, ['clinic.v1', `ticket.${ticket}`])
    socket = opened
    opened.onopen = () => {
      if (mine !== turn) return opened.close()
      attempt = 0
      answered = true
      hears = false
      state.value = 'live'
      void readShown() // whatever changed before the socket could say so
    }
    opened.onmessage = ({ data }) => {
      if (mine === turn) hear(String(data))
    }
    opened.onclose = () => {
      if (mine === turn) lost(navigator.onLine === false ? 'offline' : 'reconnecting')
    }
  }

  function hear(text: string): void {
    answered = true
    hears = true
    if (!text.startsWith('{')) return
    const changed = JSON.parse(text) as Changed
    if (!changed.resource) return
    listeners.forEach((listener) => listener(changed))
    gathered.add(changed.resource)
    // A burst of changes is read once.
    gatherTimer ??= setTimeout(() => {
      gatherTimer = undefined
      void refreshOn(cache, [...gathered])
      gathered.clear()
    }, GATHER_FOR)
  }

  function lost(how: LiveState): void {
    socket = null
    state.value = how
    clearTimeout(retryTimer)
    retryTimer = setTimeout(connect, pause(attempt++))
  }

  function hangUp(): void {
    turn++
    clearTimeout(retryTimer)
    socket?.close()
    socket = null
  }

  function watch(next: string | null): void {
    if (next === branch) return
    hangUp()
    branch = next
    attempt = 0
    state.value = 'reconnecting'
    if (branch) void connect()
  }

  const online = () => {
    if (branch && state.value !== 'live') void connect()
  }
  window.addEventListener('online', online)

  function stop(): void {
    hangUp()
    branch = null
    clearInterval(pingTimer)
    clearInterval(pollTimer)
    clearTimeout(gatherTimer)
    window.removeEventListener('online', online)
  }

  return { state, watch, stop }
}
