import { expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import { useStanding } from './useStanding'

const row = (id: string, in_call_by_id: string | null = null) => ({
  id,
  status: 'booked' as const,
  moved_from: null,
  in_call_by_id,
})

function standing(...rows: ReturnType<typeof row>[]) {
  const [people, date, left] = [ref(rows), ref('2026-11-27'), vi.fn()]
  const keys = useStanding(people, { date: () => date.value, list: ref(null), me: () => 'me', left })
  return { people, date, left, ...keys }
}

test('whoever leaves the list leaves his place to the next', async () => {
  const { people, activeId, stand, left } = standing(row('a'), row('b'), row('c'))
  stand(people.value[1])
  people.value = [row('a'), row('c')]
  await nextTick()
  expect(activeId.value).toBe('c')
  expect(left).not.toHaveBeenCalled()
})

test('of whom one has on the telephone nothing is written about the next', async () => {
  const { people, activeId, active, walk, left } = standing(row('a', 'me'), row('b'))
  people.value = [row('b')]
  await nextTick()
  expect(left).toHaveBeenCalledOnce()
  people.value = [row('b'), row('c')] // read once more, it stays so
  await nextTick()
  expect([activeId.value, active.value]).toEqual([null, null])
  walk(1)
  expect(activeId.value).toBe('b')
})

test('another day begins at its first, whoever is on the telephone', async () => {
  const { people, date, activeId, left } = standing(row('a', 'me'))
  people.value = [row('x'), row('y')]
  date.value = '2026-11-28'
  await nextTick()
  expect(activeId.value).toBe('x')
  expect(left).not.toHaveBeenCalled()
})
