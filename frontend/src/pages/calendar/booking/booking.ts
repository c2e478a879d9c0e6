/** What the booking form holds, and the arithmetic of it. */
import type { AppointmentDetailOut, BookedServiceOut, PatientRowOut } from '@/api/generated'
import { type Part, partsOf } from './parts'
import { once, type Repeat } from './repeat'
import { clockMinutes, clockText, momentIn } from '../dates'

export interface Picked {
  service: string
  name: string
  quantity: number
  price: string
  minutes: number
  before: number
  after: number
}

type Planned = Pick<
  BookedServiceOut,
  'name' | 'quantity' | 'price' | 'duration_minutes' | 'buffer_before' | 'buffer_after'
>

/** One that was planned before. */
export const pickedOf = (service: string, planned: Planned): Picked => ({
  service,
  name: planned.name,
  quantity: planned.quantity,
  price: planned.price,
  minutes: planned.duration_minutes,
  before: planned.buffer_before,
  after: planned.buffer_after,
})

/** Of a patient, as much as the form shows. */
export type Person = Pick<PatientRowOut, 'id' | 'last_name' | 'first_name' | 'middle_name' | 'phone'> & {
  card_number: number
  birth_date: string | null
}

export type Source = AppointmentDetailOut['source']
export const SOURCES: Source[] = ['phone', 'desk', 'online', 'telegram', 'recall']
export const LENGTHS = [10, 15, 20, 30, 40, 45, 60, 75, 90, 105, 120, 150, 180, 240]
export const USUAL = 30

export interface Booking {
  patient: Person | null
  employee: string
  chair: string | null
  date: string | null
  clock: string | null
  minutes: number
  services: Picked[]
  source: Source
  note: string
  is_urgent: boolean
  /** Takes no time yet. */
  draft: boolean
  /** Empty: the doctor's. */
  color: string
  parts: Part[]
  repeat: Repeat
  /** Why it may lie over the time of others. */
  over: string
  /** Of a series: the times that fit, without the others. */
  skip: boolean
  /** Of a series: the ones after it too. */
  following: boolean
  /** Of one that is booked anew: its patient did not come, and that is noted on it. */
  no_show: boolean
}

export function totalMinutes(services: readonly Picked[]): number {
  const sum = services.reduce((total, { minutes, quantity }) => total + minutes * quantity, 0)
  return Math.min(Math.ceil(sum / 5) * 5, 720)
}

/** The longest of any service, before and after. */
export function buffersOf(services: readonly Picked[]): { before: number; after: number } {
  return {
    before: Math.max(0, ...services.map(({ before }) => before)),
    after: Math.max(0, ...services.map(({ after }) => after)),
  }
}

/** In hundredths, so that no sum is a little off. */
export function totalPrice(services: readonly Picked[]): string {
  const cents = services.reduce(
    (total, { price, quantity }) => total + Math.round(Number(price) * 100) * quantity,
    0,
  )
  return (cents / 100).toFixed(2)
}

export function timesOf(booking: Pick<Booking, 'date' | 'clock' | 'minutes'>, zone: string) {
  if (!booking.date || !booking.clock) return null
  const starts_at = momentIn(booking.date, booking.clock, zone)
  return { starts_at, ends_at: new Date(Date.parse(starts_at) + booking.minutes * 60_000).toISOString() }
}

/** A clock in any shape as `09:05`. */
export function readClock(text: string): string | null {
  const minutes = clockMinutes(text)
  return minutes === null ? null : clockText(minutes)
}

export function valuesOf(one: AppointmentDetailOut, date: string, at: (moment: string) => string): Booking {
  const [last_name = '', first_name = '', ...middle] = one.patient_full_name.split(' ')
  return {
    patient: {
      id: one.patient_id,
      last_name,
      first_name,
      middle_name: middle.join(' '),
      phone: one.phone,
      card_number: one.card_number,
      birth_date: null,
    },
    employee: one.employee_id,
    chair: one.chair_id,
    date,
    clock: at(one.starts_at),
    minutes: Math.round((Date.parse(one.ends_at) - Date.parse(one.starts_at)) / 60_000),
    services: one.services.map((service) => pickedOf(service.service_id, service)),
    source: one.source,
    note: one.note,
    is_urgent: one.is_urgent,
    draft: false,
    color: one.own_color,
    parts: partsOf(one, at),
    repeat: once(),
    over: '',
    skip: false,
    following: false,
    no_show: false,
  }
}

/** The same again for somebody who did not come; when, is still to be found. `marks`: it is still to be noted that he
 * did not. */
export function rebookedOf(
  one: AppointmentDetailOut,
  at: (moment: string) => string,
  marks: boolean,
): Booking {
  return { ...valuesOf(one, '', at), date: null, clock: null, no_show: marks }
}

/** The beginning of a card from what was typed into the search: a phone, or names in their order. */
export function guessed(text: string): { names: string[]; phone: string } {
  const isPhone = /^[+\d\s()-]{5,}$/.test(text.trim())
  const names = isPhone ? [] : text.trim().split(/\s+/).filter(Boolean)
  return {
    names: names.map((name) => name.charAt(0).toUpperCase() + name.slice(1)),
    phone: isPhone ? text.trim() : '',
  }
}
