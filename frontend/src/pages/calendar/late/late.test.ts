import { expect, test } from 'vitest'
import { isRebookable, missedOf, overdueOf } from './late'

const at = (clock: string) => `2026-11-23T${clock}:00Z`
const one = (status: 'booked' | 'confirmed' | 'arrived' | 'no_show' | 'canceled' | 'draft' | 'done') => ({
  status,
  starts_at: at('10:00'),
  ends_at: at('10:30'),
})
const when = (clock: string) => Date.parse(at(clock))

test('late from the fifteenth minute on, missed from the end on', () => {
  const row = one('booked')
  const said = ['09:00', '10:00', '10:14', '10:15', '10:29', '10:30', '23:59'].map((clock) =>
    overdueOf(row, when(clock)),
  )
  expect(said).toEqual([undefined, undefined, undefined, 'late', 'late', 'missed', 'missed'])
  expect(overdueOf(one('confirmed'), when('10:15'))).toBe('late')
})

test('nobody is late who is here, was here, or does not come', () => {
  for (const status of ['arrived', 'done', 'no_show', 'canceled', 'draft'] as const)
    expect(overdueOf(one(status), when('12:00'))).toBeUndefined()
})

test('a short one is over before anybody is late, and an organisation may wait longer', () => {
  const short = { ...one('booked'), ends_at: at('10:10') }
  expect(overdueOf(short, when('10:09'))).toBeUndefined()
  expect(overdueOf(short, when('10:10'))).toBe('missed')
  expect(overdueOf(one('booked'), when('10:20'), 25)).toBeUndefined()
})

test('a branch in another zone writes other clocks of the same moments', () => {
  const row = {
    ...one('booked'),
    starts_at: '2026-11-23T15:00:00+05:00',
    ends_at: '2026-11-23T15:30:00+05:00',
  }
  expect(overdueOf(row, when('10:15'))).toBe('late')
  expect(overdueOf(row, when('10:30'))).toBe('missed')
})

test('who did not come stands by his time, the rest is left out', () => {
  const rows = [
    { ...one('booked'), starts_at: at('10:15') },
    one('confirmed'),
    one('arrived'),
    { ...one('booked'), ends_at: at('12:00') },
  ]
  expect(missedOf(rows, when('11:00')).map(({ starts_at }) => starts_at)).toEqual([at('10:00'), at('10:15')])
})

test('another time is for who did not come, not for who is still to come', () => {
  expect(isRebookable(one('booked'), when('09:59'))).toBe(false)
  expect(isRebookable(one('booked'), when('10:00'))).toBe(true)
  expect(isRebookable(one('no_show'), when('10:00'))).toBe(true)
  expect(isRebookable(one('canceled'), when('11:00'))).toBe(false)
})
