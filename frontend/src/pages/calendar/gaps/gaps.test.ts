import { describe, expect, it } from 'vitest'
import type { DoctorPlanOut, PlannedOut } from '@/api/generated'
import { gapsCode, instead, readGaps, usual } from './gaps'
import { axisOf, hoursOf, movesOf, stripsOf } from './strip'

const at = (clock: string) => `2026-11-26T${clock}:00Z`
const span = (from: string, to: string) => ({ starts_at: at(from), ends_at: at(to) })

function item(id: string, [from, to]: [string, string], [newly, until] = [from, to]): PlannedOut {
  const shift = (Date.parse(at(newly)) - Date.parse(at(from))) / 60_000
  const about = { version: 1, patient_name: 'Ахметова А.', services_text: '', status: 'booked' as const }
  return { id, ...about, ...span(from, to), to_starts_at: at(newly), to_ends_at: at(until), shift, fixed: '' }
}

const figures = { free: 150, useful: 90, longest: 90, gaps: 2 }
const doctor: DoctorPlanOut = {
  employee: 'e',
  name: 'Иванов И. И.',
  working: [span('04:00', '08:00')],
  before: { ...figures, stretches: [span('05:00', '06:30')] },
  after: { ...figures, stretches: [span('05:30', '07:30')] },
  won: 30,
  items: [
    item('early', ['04:30', '05:00'], ['04:00', '04:30']),
    item('stays', ['04:30', '05:00']),
    item('late', ['06:30', '07:00'], ['05:00', '05:30']),
  ],
  blocked: [{ ...span('07:30', '08:00'), kind: 'break' }],
}

describe('what is asked', () => {
  it('stands in the address', () => {
    const wish = { employee: 'e', least: 45, shift: 90, confirmed: true }
    expect(readGaps(gapsCode(wish))).toEqual(wish)
    expect(readGaps(gapsCode(usual()))).toEqual(usual())
    expect(readGaps(null)).toBeNull()
  })

  it('is what is usual where the address was spoiled', () => {
    for (const wrong of ['x', 'all~1~-5~', 'all~~~yes']) expect(readGaps(wrong)?.least).toBe(60)
    expect(readGaps('all~45~7~')).toEqual({ ...usual(), least: 45 })
  })
})

describe('where nothing is won', () => {
  const stays = (...fixed: PlannedOut['fixed'][]) => ({
    employees: [{ ...doctor, items: fixed.map((why) => ({ ...doctor.items[1]!, fixed: why })) }],
  })

  it('only what may change something is offered', () => {
    expect(instead(stays('', 'confirmed'), usual())).toEqual({ allow: true, further: 90, why: 'try' })
    expect(instead(stays('', 'urgent'), usual())).toEqual({ allow: false, further: 90, why: 'try' })
    expect(instead(stays('confirmed'), usual())).toEqual({ allow: true, further: undefined, why: 'try' })
  })

  it('a day without appointments is not said to be full', () => {
    expect(instead({ employees: [{ ...doctor, items: [] }] }, usual()).why).toBe('empty')
    expect(instead(stays('', 'urgent'), { ...usual(), shift: 90 }).why).toBe('best')
  })
})

describe('a day as a strip', () => {
  const scale = axisOf([doctor])!
  const { now, then } = stripsOf(doctor, scale)

  it('lies on the hours of all doctors', () => {
    expect(hoursOf(scale).map(({ starts_at }) => starts_at.slice(11, 16))).toEqual([
      '04:00',
      '05:00',
      '06:00',
      '07:00',
    ])
    const longer = { ...doctor, working: [span('03:30', '08:15')] }
    expect(hoursOf(axisOf([doctor, longer])!)).toHaveLength(6)
    expect(axisOf([])).toBeNull()
  })

  it('numbers those that move, the same now and afterwards', () => {
    expect(movesOf(doctor).map(({ id }) => id)).toEqual(['early', 'late'])
    for (const { blocks } of [now, then]) expect(blocks.map(({ move }) => move)).toEqual([1, 0, 2])
    expect(now.blocks[2]!.style).toBe('inset-inline-start:62.5%;width:12.5%')
    expect(then.blocks[2]!.style).toBe('inset-inline-start:25%;width:12.5%')
  })

  it('shows the free time that is of use, with its minutes', () => {
    expect(now.useful.map(({ minutes, style }) => [minutes, style])).toEqual([
      [90, 'inset-inline-start:25%;width:37.5%'],
    ])
    expect(then.useful.map(({ minutes }) => minutes)).toEqual([120])
  })
})
