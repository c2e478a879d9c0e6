import { expect, test } from 'vitest'
import { readClock, spans } from './hours'
import { moved } from './order'
import { mayGrant, placesFor } from './ranks'

const hours = ['09:00', '20:00']

test('days with the same hours that follow one another are one span', () => {
  expect(spans({ 1: hours, 2: hours, 3: hours, 5: hours, 6: ['10:00', '15:00'] })).toEqual([
    ['1', '3', ...hours],
    ['5', '5', ...hours],
    ['6', '6', '10:00', '15:00'],
  ])
})

test('a time is read in any shape, and a day may close at midnight', () => {
  expect(['9', '930', '9:30', '24:00', '24', '25', 'x'].map(readClock)).toEqual([
    '09:00',
    '09:30',
    '09:30',
    '24:00',
    '24:00',
    null,
    null,
  ])
})

const row = (id: string, position: number) => ({ id, position, version: 1 })

test('a step changes the places of two rows and of no other', () => {
  const rows = [row('a', 0), row('b', 1), row('c', 2)]
  expect(moved(rows, 'c', -1)).toEqual([
    { id: 'c', version: 1, position: 1 },
    { id: 'b', version: 1, position: 2 },
  ])
  expect(moved(rows, 'a', -1)).toEqual([])
})

test('rows that share a place are numbered anew by a step', () => {
  expect(moved([row('a', 0), row('b', 0)], 'b', -1)).toEqual([{ id: 'a', version: 1, position: 1 }])
})

test('nobody gives a role above his own', () => {
  const admin = [{ role: 'admin', branch: null }]
  expect(mayGrant(admin, { role: 'admin', branch: null })).toBe(true)
  expect(mayGrant(admin, { role: 'owner', branch: null })).toBe(false)
})

test('a branch manager gives roles in his own branch only', () => {
  const manager = [{ role: 'branch_admin', branch: 'north' }]
  expect(placesFor(manager, 'doctor', ['north', 'south'])).toEqual(['north'])
  expect(placesFor(manager, 'admin', ['north', 'south'])).toEqual([])
})

test('a doctor gives no roles', () => {
  expect(placesFor([{ role: 'doctor', branch: null }], 'nurse', ['north'])).toEqual([])
})
