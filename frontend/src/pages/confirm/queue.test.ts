import { describe, expect, it } from 'vitest'
import { grouped, inTurn, nextOf, progress, type Row } from './queue'

const NOW = Date.parse('2026-11-25T09:00:00Z')

function row(id: string, more: Partial<Row> = {}): Row {
  return {
    id,
    status: 'booked',
    moved_from: null,
    starts_at: `2026-11-26T0${id.length}:00:00Z`,
    family: id,
    due_at: null,
    last: null,
    employee_id: 'e1',
    employee_name: 'Ахметов Б.',
    in_call_by_id: null,
    ...more,
  }
}

const called = (result: 'call_back' | 'no_answer', due_at: string) => ({
  due_at,
  last: { id: 'x', at: due_at, by: 'Ким А.', result, call_back_at: null, note: '' },
})

describe('whose turn it is', () => {
  const rows = [
    row('done', { status: 'confirmed' }),
    row('moved', { status: 'confirmed', moved_from: '2026-11-26T03:00:00Z' }),
    row('resting', called('no_answer', '2026-11-25T09:10:00Z')),
    row('never'),
    row('later', called('call_back', '2026-11-25T10:00:00Z')),
    row('silent', called('no_answer', '2026-11-25T08:50:00Z')),
    row('longer', called('no_answer', '2026-11-25T08:20:00Z')),
    row('asked', called('call_back', '2026-11-25T08:59:00Z')),
  ]

  it('calls back whom it promised, then who did not answer, then the others, and leaves the rest alone', () => {
    const order = inTurn(rows, NOW).map(({ id }) => id)
    expect(order).toEqual(['asked', 'longer', 'silent', 'moved', 'never', 'resting', 'later', 'done'])
  })

  it('calls back as soon as the time has come', () => {
    expect(inTurn(rows, NOW + 3_600_000)[0]!.id).toBe('asked')
    expect(inTurn(rows, NOW + 3_600_000)[1]!.id).toBe('later')
  })
})

describe('the keys', () => {
  it('leave alone whose time has begun until nobody else is left', () => {
    const begun = row('begun', { starts_at: '2026-11-25T08:00:00Z' })
    expect(inTurn([begun, row('never')], NOW).map(({ id }) => id)).toEqual(['never', 'begun'])
  })

  it('pass over whom a colleague is calling, while there are others', () => {
    const [one, two, three] = [row('1'), row('22', { in_call_by_id: 'colleague' }), row('333')]
    expect(nextOf([one, two, three], one, 'me')).toBe(three)
    expect(nextOf([one, two], one, 'me')).toBe(two)
    expect(nextOf([one, two, three], one, 'colleague')).toBe(two)
    expect(nextOf([two, row('done', { status: 'confirmed' })], row('x'), 'me')).toBe(two)
    expect(nextOf([one], one, 'me')).toBeUndefined()
  })
})

describe('groups', () => {
  it('calls a family once, when the first of them is due', () => {
    const rows = [
      row('a'),
      row('bb', { family: 'f' }),
      row('ccc', { family: 'f', ...called('call_back', '2026-11-25T08:00:00Z') }),
    ]
    const groups = grouped(rows, 'phone', NOW)
    expect(groups.map(({ rows }) => rows.map(({ id }) => id))).toEqual([['ccc', 'bb'], ['a']])
  })

  it('lists doctors by name', () => {
    const rows = [row('a'), row('b', { employee_id: 'e2', employee_name: 'Абаев А.' })]
    expect(grouped(rows, 'doctor', NOW).map(({ key }) => key)).toEqual(['e2', 'e1'])
  })
})

it('counts whoever has come as confirmed', () => {
  const rows = (['booked', 'confirmed', 'arrived', 'canceled'] as const).map((status) => ({
    status,
    moved_from: null,
  }))
  expect(progress(rows)).toEqual({ all: 4, confirmed: 2, left: 1, declined: 1 })
})
