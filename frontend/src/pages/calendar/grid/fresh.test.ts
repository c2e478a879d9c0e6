import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { DayOut } from '@/api/generated'
import { useFresh } from './useFresh'

let tell: (changed: { id: string; by: string }) => void
vi.mock('@/api/realtime', () => ({
  useChanges: (_: string, heard: typeof tell) => (tell = heard),
}))
vi.mock('@/stores/session', () => ({ useSession: () => ({ user: { id: 'me' }, may: () => true }) }))
vi.mock('@pinia/colada', async () => {
  const { ref } = await import('vue')
  const names = [
    ['anna', 'Анна'],
    ['berik', 'Берік'],
  ] as const
  return { useQuery: () => ({ data: ref(new Map(names)) }) }
})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const day = (version: number) =>
  [{ branch_id: 'b', date: '2026-11-26', items: [{ id: 'a', version }] }] as unknown as DayOut[]

async function looking() {
  const days = shallowRef(day(1))
  const fresh = effectScope().run(() => useFresh(() => days.value))!
  return {
    name: () => fresh.value.get('a'),
    change: async (by: string, version: number) => {
      tell({ id: 'a', by })
      days.value = day(version)
      await nextTick()
    },
  }
}

test('a card carries the name of who changed it for some seconds', async () => {
  const { name, change } = await looking()
  await change('anna', 2)
  expect(name()).toBe('Анна')
  vi.advanceTimersByTime(5_000)
  expect(name()).toBeUndefined()
})

test('a second change brings its own name, for as long as the first', async () => {
  const { name, change } = await looking()
  await change('anna', 2)
  vi.advanceTimersByTime(4_000)
  await change('berik', 3)
  expect(name()).toBe('Берік')
  vi.advanceTimersByTime(4_000)
  expect(name()).toBe('Берік')
  vi.advanceTimersByTime(1_000)
  expect(name()).toBeUndefined()
})
