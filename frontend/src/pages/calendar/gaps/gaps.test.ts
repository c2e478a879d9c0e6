import { describe, expect, it } from 'vitest'
import { momentOf } from '../grid/grid'
import type { GapEmployee, GapItem } from './contract'
import { gapsCode, readGaps, usual } from './gaps'
import { axisOf, hoursOf, movesOf, stripsOf } from './strip'

const at = (clock: string) => `2026-11-26T${clock}:00Z`

function item(id: string, from: string, to: string, newly = from, newEnd = to): GapItem {
  const shift = (Date.parse(at(newly)) - Date.parse(at(from))) / 60_000
  const times = { starts_at: at(from), ends_at: at(to), to_starts_at: at(newly), to_ends_at: at(newEnd) }
  const about = { patient_name: 'Ахметова А.', services_text: '', status: 'booked' as const }
  return { id, version: 1, ...about, ...times, shift, is_confirmed: false, fixed: '' }
}

const figures = { free: 0, useful: 0, longest: 0, gaps: 0 }
const doctor: GapEmployee = {
  employee: 'e',
  name: 'Иванов И. И.',
  working: [{ starts_at: at('04:00'), ends_at: at('08:00') }],
  before: figures,
  after: figures,
  won: 60,
  items: [
    item('late', '06:30', '07:00', '05:00', '05:30'),
    item('early', '04:30', '05:00', '04:00', '04:30'),
    item('stays', '04:30', '05:00'),
  ],
  blocked: [{ starts_at: at('07:30'), ends_at: at('08:00'), kind: 'break' }],
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

describe('a day as a strip', () => {
  const scale = axisOf([doctor])!
  const { now, then } = stripsOf(doctor, scale, { least: 60, from: 0 })
  const useful = ({ useful }: typeof now) => useful.map(({ minutes, style }) => [minutes, style])

  it('lies on the hours of all doctors', () => {
    expect(hoursOf(scale).map(({ at }) => at)).toEqual(
      [4, 5, 6, 7].map((_, hour) => momentOf(scale, hour * 60)),
    )
    expect(axisOf([])).toBeNull()
    const longer = { ...doctor, working: [{ starts_at: at('03:30'), ends_at: at('08:15') }] }
    expect(hoursOf(axisOf([doctor, longer])!)).toHaveLength(6)
  })

  it('numbers those that move in the order of the day', () => {
    expect(movesOf(doctor).map(({ id }) => id)).toEqual(['early', 'late'])
    expect(now.blocks.map(({ move }) => move)).toEqual([2, 1, 0])
    expect(then.blocks.map(({ move }) => move)).toEqual([2, 1, 0])
    expect(now.blocks[0]!.style).toBe('inset-inline-start:62.5%;width:12.5%')
    expect(then.blocks[0]!.style).toBe('inset-inline-start:25%;width:12.5%')
  })

  it('shows the free time that is long enough, now and afterwards', () => {
    expect(useful(now)).toEqual([[90, 'inset-inline-start:25%;width:37.5%']])
    expect(useful(then)).toEqual([[120, 'inset-inline-start:37.5%;width:50%']])
    expect(stripsOf(doctor, scale, { least: 30, from: 0 }).now.useful).toHaveLength(3)
  })

  it('does not count what is over', () => {
    const from = Date.parse(at('06:00'))
    expect(useful(stripsOf(doctor, scale, { least: 30, from }).now)).toEqual([
      [30, 'inset-inline-start:50%;width:12.5%'],
      [30, 'inset-inline-start:75%;width:12.5%'],
    ])
  })
})
