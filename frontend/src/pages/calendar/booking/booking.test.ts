import { expect, test } from 'vitest'
import { guessed, type Picked, readClock, timesOf, totalMinutes, totalPrice } from './booking'
import { placeCode, readPlace } from '../place'

const picked = (price: string, minutes: number, quantity = 1): Picked => ({
  service: price,
  name: '',
  quantity,
  price,
  minutes,
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
