import { describe, expect, it } from 'vitest'
import type { Card, Column, Pause, Reserved } from '../grid/cards'
import { linesOf, togetherOf } from './phone'

const card = (id: string, start: number, end: number) => ({ id, start, end, gone: false }) as Card
const pause = (id: string, employee_id: string | null, start: number, end: number) =>
  ({ id, start, end, pause: { employee_id } }) as Pause
const reserve = (id: string, employee_id: string | null, start: number, end: number) =>
  ({ id, start, end, reserve: { employee_id, kind: 'urgent' } }) as Reserved

const column = (name: string, more: Partial<Column>): Column =>
  ({
    id: name,
    head: { name },
    shifts: [{ start: 0, end: 240 }],
    cards: [],
    pauses: [],
    reserves: [],
    ...more,
  }) as unknown as Column

const told = (lines: ReturnType<typeof linesOf>) =>
  lines.map(({ kind, start, end }) => (end === undefined ? `${kind} ${start}` : `${kind} ${start}-${end}`))

describe('a day as a list', () => {
  it('tells the room between, and apart the room that is kept for some', () => {
    const day = column('A', {
      cards: [card('a', 30, 60)],
      pauses: [pause('p', 'A', 120, 180)],
      reserves: [reserve('r', null, 45, 90)],
    })
    const lines = linesOf(day, 70)
    expect(told(lines)).toEqual([
      'free 0-30',
      'card 30-60',
      'reserve 45-90',
      'free 60-90',
      'now 70',
      'free 90-120',
      'pause 120-180',
      'free 180-240',
      'end 240',
    ])
    expect(lines.filter((line) => line.kind === 'free' && line.kept).map(({ start }) => start)).toEqual([60])
  })

  it('of everybody says once what concerns them all, and whose the rest is', () => {
    const common = { pauses: [pause('room', null, 100, 120)], reserves: [reserve('r', null, 0, 60)] }
    const lines = togetherOf(
      [
        column('A', { ...common, cards: [card('a', 60, 90)] }),
        column('B', { ...common, cards: [card('b', 30, 60)] }),
      ],
      null,
    )
    expect(told(lines)).toEqual(['reserve 0-60', 'card 30-60', 'card 60-90', 'pause 100-120'])
    expect(lines.map(({ who }) => who?.name)).toEqual([undefined, 'B', 'A', undefined])
  })
})
