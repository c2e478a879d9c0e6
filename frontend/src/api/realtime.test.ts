import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { http } from './client'
import { createLive, type Live, pause, refreshOn } from './realtime'

class FakeSocket {
  static OPEN = 1
  static all: FakeSocket[] = []
  readyState = 1
  sent: string[] = []
  onopen?: () => void
  onclose?: () => void
  onmessage?: (event: { data: string }) => void
  constructor(
    readonly url: URL,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(text)
  }
  close() {
    this.onclose?.()
  }
}

const invalidateQueries = vi.fn()
const cache = { invalidateQueries } as unknown as Parameters<typeof createLive>[0]
let live: Live
let tickets = 0

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.all = []
  tickets = 0
  invalidateQueries.mockReset()
  vi.spyOn(http, 'post').mockImplementation(async () => ({ data: { ticket: `t${++tickets}`, url: '/ws/' } }))
  live = createLive(cache)
})

afterEach(() => {
  live.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function connected(): Promise<FakeSocket> {
  live.watch('b1')
  await vi.advanceTimersByTimeAsync(0)
  FakeSocket.all[0]!.onopen!()
  invalidateQueries.mockReset()
  return FakeSocket.all[0]!
}

test('a ticket travels as a subprotocol, not in the address', async () => {
  const socket = await connected()
  expect(socket.protocols).toEqual(['clinic.v1', 'ticket.t1'])
  expect(socket.url.href).not.toContain('t1')
  expect(live.state.value).toBe('live')
})

test('a burst of changes is read once, by tag', async () => {
  const socket = await connected()
  socket.onmessage!({ data: '{"resource":"appointments","id":"1"}' })
  socket.onmessage!({ data: '{"resource":"appointments","id":"2"}' })
  await vi.advanceTimersByTimeAsync(100)
  expect(invalidateQueries).toHaveBeenCalledOnce()
  const { predicate } = invalidateQueries.mock.calls[0]![0]
  expect(predicate({ key: [{ _id: 'x', tags: ['appointments'] }] })).toBe(true)
  expect(predicate({ key: [{ _id: 'x', tags: ['patients'] }] })).toBe(false)
  expect(predicate({ key: ['own'] })).toBe(false)
})

test('a lost socket comes back with a new ticket and reads what is shown', async () => {
  const socket = await connected()
  socket.close()
  expect(live.state.value).toBe('reconnecting')
  await vi.advanceTimersByTimeAsync(1300)
  expect(FakeSocket.all[1]!.protocols[1]).toBe('ticket.t2')
  FakeSocket.all[1]!.onopen!()
  expect(invalidateQueries).toHaveBeenCalledWith({ active: true })
})

test('while the socket is away the screen is read every 15 seconds', async () => {
  const socket = await connected()
  vi.mocked(http.post).mockRejectedValue(new Error('down'))
  socket.close()
  await vi.advanceTimersByTimeAsync(30_500)
  expect(invalidateQueries.mock.calls.length).toBe(2)
})

test('a socket that has answered before and falls silent is replaced', async () => {
  const socket = await connected()
  socket.onmessage!({ data: 'ping' })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(socket.sent).toEqual(['ping'])
  await vi.advanceTimersByTimeAsync(20_000)
  expect(live.state.value).toBe('reconnecting')
})

test('pauses grow to half a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 9].map((n) => pause(n, () => 0.5))).toEqual([
    1000, 2000, 4000, 8000, 16000, 30000, 30000,
  ])
})

test('nothing is read again for a resource nobody tagged', () => {
  refreshOn(cache, ['shifts'])
  expect(invalidateQueries.mock.calls[0]![0].predicate({ key: [{ tags: [] }] })).toBe(false)
})
