import { expect, test } from 'vitest'
import { coming } from './coming'

const at = (clock: string) => `2026-11-23T${clock}:00Z`
const now = Date.parse(at('12:40'))
const who = (items: Parameters<typeof coming>[0]) =>
  coming(items, now).map(({ item, late }) => [item.starts_at.slice(11, 16), late])

test('who is here stands before who is late, and he before who will come', () => {
  expect(
    who([
      { status: 'done', starts_at: at('09:00') },
      { status: 'confirmed', starts_at: at('13:30') },
      { status: 'booked', starts_at: at('12:25') },
      { status: 'arrived', starts_at: at('12:30') },
      { status: 'canceled', starts_at: at('12:35') },
    ]),
  ).toEqual([
    ['12:30', 0],
    ['12:25', 15],
    ['13:30', 0],
  ])
})

test('nobody is late by a minute or two', () => {
  expect(who([{ status: 'booked', starts_at: at('12:37') }])).toEqual([['12:37', 0]])
})
