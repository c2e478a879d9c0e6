import { expect, test } from 'vitest'
import type { AppointmentOut } from '@/api/generated'
import { lookOf, seekerOf } from './look'

test('of an address only what is a look is taken, and the usual is left out', () => {
  const words = {
    view: 'week',
    by: 'doctor',
    zoom: '9',
    date: '2026-11-25',
    speciality: 'Хирург',
    status: 'booked,arrived',
    appointment: 'x',
    only: 'yes',
    services: ['a', 'b'],
  }
  expect(lookOf(words)).toEqual({ view: 'week', speciality: 'Хирург', status: 'booked,arrived' })
  expect(lookOf({ view: 'day', zoom: '1' })).toEqual({})
})

test('statuses and a part of a service are looked for together', () => {
  const item = (status: string, services_text: string) => ({ status, services_text }) as AppointmentOut
  expect(seekerOf({})).toBeUndefined()
  const isSought = seekerOf({ status: 'booked,confirmed', services: ' Гигиена' })!
  expect(isSought(item('booked', 'Профессиональная гигиена'))).toBe(true)
  expect(isSought(item('done', 'Профессиональная гигиена'))).toBe(false)
  expect(isSought(item('confirmed', 'Осмотр'))).toBe(false)
})
