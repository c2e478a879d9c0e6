import { expect, test } from 'vitest'
import { coming } from './coming'

const at = (clock: string) => `2026-11-23T${clock}:00Z`
const now = Date.parse(at('12:40'))
type Item = Parameters<typeof coming>[0][number]
const row = (status: Item['status'], from: string, to = '23:00') => ({
  status,
  starts_at: at(from),
  ends_at: at(to),
})
const who = (items: Item[]) =>
  coming(items, now).map(({ item, late }) => [item.starts_at.slice(11, 16), late])

test('who is here stands before who is late, and he before who will come', () => {
  expect(
    who([
      row('done', '09:00'),
      row('confirmed', '13:30'),
      row('booked', '12:25'),
      row('arrived', '12:30'),
      row('canceled', '12:35'),
    ]),
  ).toEqual([
    ['12:30', 0],
    ['12:25', 15],
    ['13:30', 0],
  ])
})

test('nobody is late by a few minutes', () => {
  expect(who([row('booked', '12:26')])).toEqual([['12:26', 0]])
})

test('whose time is over is not waited for any more; who is here is', () => {
  expect(who([row('booked', '12:00', '12:40'), row('arrived', '12:00', '12:40')])).toEqual([['12:00', 0]])
})
