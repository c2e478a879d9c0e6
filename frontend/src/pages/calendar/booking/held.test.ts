import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useHeld } from './useHeld'

type Answer = { data: { id: string; expires_at: string } }
let asked: { place: string; answer: (one: Answer) => void }[]
const given: string[] = []
vi.mock('@/api/generated', () => ({
  holdsCreate: ({ body }: { body: { employee: string } }) =>
    new Promise<Answer>((answer) => asked.push({ place: body.employee, answer })),
  holdsDestroy: async ({ path }: { path: { id: string } }) => given.push(path.id),
}))

const place = (employee: string) => ({ employee }) as Parameters<ReturnType<typeof useHeld>['take']>[0]
const granted = (id: string): Answer => ({ data: { id, expires_at: '2026-11-26T06:00:00Z' } })
const turn = () => new Promise((wake) => setTimeout(wake))

let scope: ReturnType<typeof effectScope>
let held: ReturnType<typeof useHeld>
beforeEach(() => {
  asked = []
  given.length = 0
  scope = effectScope()
  held = scope.run(useHeld)!
})
afterEach(() => scope.stop())

test('whoever books waits until the place is kept for him', async () => {
  const order: string[] = []
  held.take(place('a'))
  const booked = held.settled().then(() => order.push('booked'))
  await turn()
  order.push('kept')
  asked[0]!.answer(granted('h'))
  await booked
  expect(order).toEqual(['kept', 'booked'])
})

test('of two places the later one is asked for last', async () => {
  held.take(place('a'))
  held.take(place('b'))
  await turn()
  expect(asked.map((one) => one.place)).toEqual(['a'])
  asked[0]!.answer(granted('h'))
  await turn()
  expect(asked.map((one) => one.place)).toEqual(['a', 'b'])
})

test('a place that is being asked for is not asked for twice, and later once more', async () => {
  held.take(place('a'))
  held.take(place('a'))
  await turn()
  asked[0]!.answer(granted('h'))
  await held.settled()
  expect(asked).toHaveLength(1)
  held.take(place('a'))
  await turn()
  expect(asked).toHaveLength(2)
})

test('a form that is closed meanwhile keeps nothing', async () => {
  held.take(place('a'))
  held.take(place('b'))
  await turn()
  held.giveBack()
  asked[0]!.answer(granted('h'))
  await turn()
  expect(asked).toHaveLength(1)
  expect(given).toEqual(['h'])
})
