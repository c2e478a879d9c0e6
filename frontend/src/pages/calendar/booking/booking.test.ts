import { expect, test } from 'vitest'
import { buffersOf, guessed, type Picked, readClock, timesOf, totalMinutes, totalPrice } from './booking'
import { segmentsOf, special, withPart } from './parts'
import { daysOf, once } from './repeat'
import { placeCode, readPlace } from '../place'

const picked = (price: string, minutes: number, quantity = 1): Picked => ({
  service: price,
  name: '',
  quantity,
  price,
  minutes,
  before: 0,
  after: 0,
})

test('the longest minutes around count', () => {
  const services = [
    { ...picked('1', 30), before: 10 },
    { ...picked('2', 30), before: 5, after: 15 },
  ]
  expect(buffersOf(services)).toEqual({ before: 10, after: 15 })
  expect(buffersOf([])).toEqual({ before: 0, after: 0 })
})

test('the first part brings the doctor and the chair along', () => {
  const parts = withPart([], 'device', 'laser')
  expect(parts.map(({ role, who }) => [role, who])).toEqual([
    ['doctor', ''],
    ['chair', ''],
    ['device', 'laser'],
  ])
  expect(special(parts.slice(0, 2))).toEqual([])
})

test('parts become segments: the empty clock is the whole time with the minutes around', () => {
  const whole = {
    employee: 'doctor',
    chair: null,
    date: '2026-11-25',
    starts_at: '2026-11-25T05:00:00.000Z',
    ends_at: '2026-11-25T06:00:00.000Z',
    before: 10,
    after: 0,
  }
  const parts = withPart([], 'assistant', 'helper').map((part) =>
    part.role === 'assistant' ? { ...part, from: '10:30' } : part,
  )
  expect(segmentsOf(parts, whole, 'Asia/Almaty')).toEqual([
    {
      role: 'doctor',
      employee: 'doctor',
      starts_at: '2026-11-25T04:50:00.000Z',
      ends_at: '2026-11-25T06:00:00.000Z',
    },
    {
      role: 'assistant',
      employee: 'helper',
      starts_at: '2026-11-25T05:30:00.000Z',
      ends_at: '2026-11-25T06:00:00.000Z',
    },
  ])
})

test('a repeated booking comes to its days', () => {
  const repeat = { ...once(), rule: 'weekly' as const, every: 2, count: 3 }
  expect(daysOf(repeat, '2026-11-25')).toEqual(['2026-11-25', '2026-12-09', '2026-12-23'])
  const chosen = { ...repeat, rule: 'dates' as const, dates: ['2026-12-01', '2026-11-25'] }
  expect(daysOf(chosen, '2026-11-25')).toEqual(['2026-11-25', '2026-12-01'])
  expect(daysOf(once(), '2026-11-25')).toEqual([])
})

test('services add up in time and money', () => {
  const services = [picked('12500.10', 40), picked('0.20', 12, 2)]
  expect(totalMinutes(services)).toBe(65)
  expect(totalPrice(services)).toBe('12500.50')
  expect(totalPrice([])).toBe('0.00')
})

test('the clock of the branch becomes two moments', () => {
  expect(timesOf({ date: '2026-11-25', clock: '09:30', minutes: 45 }, 'Asia/Almaty')).toEqual({
    starts_at: '2026-11-25T04:30:00.000Z',
    ends_at: '2026-11-25T05:15:00.000Z',
  })
  expect(timesOf({ date: null, clock: '09:30', minutes: 45 }, 'Asia/Almaty')).toBeNull()
})

test('a clock is read in any shape', () => {
  expect(['930', '9', '14.05', '26:00'].map(readClock)).toEqual(['09:30', '09:00', '14:05', null])
})

test('the place of a booking survives the address', () => {
  const id = '019a-bc'
  expect(readPlace(placeCode({ employee: id, clock: '09:30' }))).toEqual({ employee: id, clock: '09:30' })
  expect(readPlace(placeCode({ employee: id, clock: '09:30', minutes: 45 }))?.minutes).toBe(45)
  expect(readPlace('new')).toBeNull()
})

test('what was searched for begins the new card', () => {
  expect(guessed('ахметова сауле')).toEqual({ names: ['Ахметова', 'Сауле'], phone: '' })
  expect(guessed('8 701 123 45 67')).toEqual({ names: [], phone: '8 701 123 45 67' })
})
