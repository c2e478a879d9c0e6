import { describe, expect, test } from 'vitest'
import type { AppointmentOut, ColumnOut, DayOut } from '@/api/generated'
import { momentIn } from '../dates'
import type { Words } from './cards'
import { chairsOf, daysOf, doctorsOf, workerAt } from './columns'
import { aligned, resized, scaleOf } from './grid'

const words = {
  clock: (moment: string | number) => String(moment).slice(11, 16),
  status: {},
} as unknown as Words

const ZONE = 'Asia/Almaty'
const at = (clock: string, date = '2026-11-23', zone = ZONE) => momentIn(date, clock, zone)

function doctor(id: string, more: Partial<ColumnOut> = {}): ColumnOut {
  const shifts = [{ starts_at: at('09:00'), ends_at: at('15:00'), room_id: 'room', chair_id: `${id}-chair` }]
  return {
    employee_id: id,
    name: id,
    initials: id,
    color: '#000',
    speciality: id === 'ann' ? 'Хирург' : 'Терапевт',
    room: '',
    shifts,
    load_minutes: 60,
    shift_minutes: 240,
    ...more,
  }
}

function item(id: string, employee_id: string, chair_id: string | null, clock = '10:00'): AppointmentOut {
  const starts_at = at(clock)
  const ends_at = new Date(Date.parse(starts_at) + 1_800_000).toISOString()
  return {
    id,
    employee_id,
    chair_id,
    starts_at,
    ends_at,
    status: 'booked',
    services_text: id,
    segments: [] as AppointmentOut['segments'],
    branch_id: 'here',
  } as AppointmentOut
}

function day(more: Partial<DayOut> = {}): DayOut {
  return {
    branch_id: 'here',
    date: '2026-11-23',
    timezone: ZONE,
    begins_at: at('09:00'),
    ends_at: at('18:00'),
    columns: [doctor('ann'), doctor('bob')],
    breaks: [],
    reserves: [],
    items: [item('a', 'ann', 'ann-chair'), item('b', 'bob', null), item('c', 'ann', 'bob-chair', '12:00')],
    ...more,
  } as DayOut
}

const ids = (cards: { id: string }[]) => cards.map(({ id }) => id)

describe('columns', () => {
  test('are doctors, and a speciality leaves out the others', () => {
    const { columns, byId } = doctorsOf([day()], { words })
    expect(columns.map(({ id }) => id)).toEqual(['ann', 'bob'])
    expect(columns.map(({ cards }) => ids(cards))).toEqual([['a', 'c'], ['b']])
    expect(columns[0]).toMatchObject({ load: 25, place: { branch: 'here', employee: 'ann' } })
    expect(byId.size).toBe(3)
    const surgeons = doctorsOf([day()], { words, speciality: 'Хирург' })
    expect(surgeons.columns.map(({ id }) => id)).toEqual(['ann'])
  })

  test('dim or hide what is not looked for', () => {
    const isSought = ({ id }: AppointmentOut) => id === 'a'
    const dimmed = doctorsOf([day()], { words, isSought }).columns[0]!
    expect(dimmed.cards.map(({ id, isDim }) => [id, isDim])).toEqual([
      ['a', false],
      ['c', true],
    ])
    const hidden = doctorsOf([day()], { words, isSought, hides: true })
    expect([...hidden.byId.keys()]).toEqual(['a'])
  })

  test('are chairs, and one for those without any', () => {
    const chairs = [
      { id: 'ann-chair', name: '1', room: 'A' },
      { id: 'bob-chair', name: '2', room: 'A' },
    ]
    const { columns } = chairsOf(day(), chairs, { without: 'Без кресла' }, { words })
    expect(columns.map(({ id, cards }) => [id, ids(cards)])).toEqual([
      ['ann-chair', ['a']],
      ['bob-chair', ['c']],
      ['none', ['b']],
    ])
    expect(columns[0]!.head.speciality).toBe('ann')
    expect(columns[2]!.place.chair).toBeNull()
    expect(workerAt(day(), 'bob-chair', Date.parse(at('10:00')))).toBe('bob')
    expect(workerAt(day(), 'bob-chair', Date.parse(at('16:00')))).toBeUndefined()
  })

  test('of a week belong to their dates, also when he is away', () => {
    const away = day({ date: '2026-11-24', columns: [], items: [] })
    const named = ({ date }: DayOut) => ({ name: date, initials: '', speciality: '' })
    const { columns } = daysOf([day(), away], 'ann', named, { words })
    expect(columns.map(({ id, cards }) => [id, ids(cards)])).toEqual([
      ['2026-11-23', ['a', 'c']],
      ['2026-11-24', []],
    ])
    expect(columns[1]!.off).toEqual([{ start: 0, end: columns[1]!.scale.length }])
  })

  test('show one clock side by side, whatever their zones', () => {
    const far = day({
      branch_id: 'far',
      timezone: 'Europe/Berlin',
      begins_at: at('08:00', '2026-11-23', 'Europe/Berlin'),
      ends_at: at('17:00', '2026-11-23', 'Europe/Berlin'),
      items: [],
    })
    const { columns } = doctorsOf([day(), far], { words })
    const [here, there] = [columns[0]!, columns.at(-1)!]
    expect(here.id).toBe('here ann')
    expect(new Date(here.scale.origin).toISOString()).toBe(at('08:00'))
    expect(new Date(there.scale.origin).toISOString()).toBe(at('08:00', '2026-11-23', 'Europe/Berlin'))
    expect([here.scale.length, there.scale.length]).toEqual([600, 600])
    expect(here.cards[0]).toMatchObject({ start: 120, end: 150 })
  })
})

test('scales with a common first hour', () => {
  const scales = [
    scaleOf(at('10:00'), at('12:00')),
    scaleOf(at('09:00', '2026-11-24'), at('11:00', '2026-11-24')),
  ]
  const midnights = ['2026-11-23', '2026-11-24'].map((date) => Date.parse(at('00:00', date)))
  const [first, second] = aligned(scales, midnights)
  expect(new Date(first!.origin).toISOString()).toBe(at('09:00'))
  expect(new Date(second!.origin).toISOString()).toBe(at('09:00', '2026-11-24'))
  expect(first!.length).toBe(180)
})

test('an upper edge is pulled up to five minutes before the end', () => {
  expect(resized({ start: 60, end: 90 }, 32, 720, 'start')).toEqual({ start: 30, end: 90 })
  expect(resized({ start: 60, end: 90 }, 300, 720, 'start')).toEqual({ start: 85, end: 90 })
  expect(resized({ start: 60, end: 90 }, -20, 720, 'start')).toEqual({ start: 0, end: 90 })
})
