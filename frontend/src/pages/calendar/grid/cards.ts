/** The answer of the server as the grid draws it: one pass over the day, so that a card itself computes nothing. */
import type { AppointmentOut, BreakOut, ColumnOut, DayOut } from '@/api/generated'
import { pixels, scaleOf, type Scale, type Span, spanOf, without } from './grid'
import { lanesOf, type Place } from './lanes'

export type Status = AppointmentOut['status']

const STRIP = 18
const SHORTEST = 15

const GONE: ReadonlySet<string> = new Set(['canceled', 'no_show'])
const MOVABLE: ReadonlySet<string> = new Set(['draft', 'booked', 'confirmed', 'arrived'])

export const isGone = (status: string): boolean => GONE.has(status)
export const isMovable = (status: string): boolean => MOVABLE.has(status)

/** What cards say, looked up once per day instead of once per card. */
export interface Words {
  clock: (moment: string | number) => string
  status: Record<Status, string>
  isNew: string
  debt: string
  allergy: string
  unconfirmed: string
  urgent: string
}

export type Mark = 'urgent' | 'allergy' | 'debt' | 'new' | 'unconfirmed'

export type Size = 'line' | 'two' | 'three' | 'tall' | 'strip'

export interface Card extends Span {
  id: string
  item: AppointmentOut
  gone: boolean
  size: Size
  style: string
  time: string
  name: string
  debt: boolean
  marks: Mark[]
  label: string
}

export interface Pause extends Span {
  id: string
  pause: BreakOut
  style: string
}

export interface Column {
  id: string
  doctor: ColumnOut
  shifts: Span[]
  off: Span[]
  pauses: Pause[]
  cards: Card[]
  /** Part of the shift that is booked, in per cent; null without a shift. */
  load: number | null
}

export interface Day {
  scale: Scale
  columns: Column[]
  byId: Map<string, Card>
}

export function dayOf(day: DayOut, words: Words, step?: number): Day {
  const scale = scaleOf(day.begins_at, day.ends_at, step)
  const items = grouped(day.items)
  const pauses = grouped(day.breaks)
  const byId = new Map<string, Card>()
  const columns = day.columns.map((doctor): Column => {
    const shifts = doctor.shifts.map((shift) => spanOf(scale, shift))
    const cards = cardsOf(items.get(doctor.employee_id) ?? [], scale, words)
    for (const card of cards) byId.set(card.id, card)
    return {
      id: doctor.employee_id,
      doctor,
      shifts,
      off: without({ start: 0, end: scale.length }, shifts),
      pauses: (pauses.get(doctor.employee_id) ?? []).map((pause) => {
        const span = spanOf(scale, pause)
        return { ...span, id: pause.id, pause, style: box(span) }
      }),
      cards,
      load: doctor.shift_minutes ? Math.round((doctor.load_minutes / doctor.shift_minutes) * 100) : null,
    }
  })
  return { scale, columns, byId }
}

function grouped<T extends { employee_id: string | null }>(things: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    if (!thing.employee_id) continue
    const group = groups.get(thing.employee_id)
    if (group) group.push(thing)
    else groups.set(thing.employee_id, [thing])
  }
  return groups
}

function cardsOf(items: readonly AppointmentOut[], scale: Scale, words: Words): Card[] {
  const laid = items.map((item) => ({ ...spanOf(scale, item), id: item.id, gone: isGone(item.status) }))
  const places = lanesOf(laid)
  return items.map((item, index) => {
    const { start, end, gone } = laid[index]!
    const place = places.get(item.id)!
    const time = words.clock(item.starts_at)
    const debt = item.balance?.startsWith('-') ?? false
    return {
      id: item.id,
      item,
      start,
      end,
      gone,
      size: place.isStrip ? 'strip' : sizeOf(pixels(end - start)),
      style: box({ start, end }) + across(place),
      time,
      name: item.patient_name,
      debt,
      marks: marksOf(item, debt),
      label: labelOf(item, `${time}–${words.clock(item.ends_at)}`, debt, words),
    }
  })
}

/** How many lines fit. */
export function sizeOf(height: number): Size {
  if (height < 30) return 'line'
  if (height < 46) return 'two'
  return height < 62 ? 'three' : 'tall'
}

export function box({ start, end }: Span): string {
  const height = Math.max(pixels(end - start) - 2, SHORTEST)
  return `top:${pixels(start) + 1}px;height:${height}px;`
}

function across({ lane, lanes, strip, isStrip }: Place): string {
  if (isStrip) return `inset-inline:auto ${3 + (strip - 1) * STRIP}px;width:${STRIP - 2}px`
  const room = strip * STRIP
  const part = `(100% - ${6 + room}px) / ${lanes}`
  return `inset-inline-start:calc(3px + ${part} * ${lane});width:calc(${part} - ${lanes > 1 ? 2 : 0}px)`
}

function marksOf(item: AppointmentOut, debt: boolean): Mark[] {
  const marks: Mark[] = []
  if (item.is_urgent) marks.push('urgent')
  if (item.has_allergy) marks.push('allergy')
  if (debt) marks.push('debt')
  if (item.is_new_patient) marks.push('new')
  if (item.unconfirmed) marks.push('unconfirmed')
  return marks
}

function labelOf(item: AppointmentOut, time: string, debt: boolean, words: Words): string {
  return [
    time,
    item.patient_full_name,
    item.services_text,
    words.status[item.status],
    item.is_urgent && words.urgent,
    item.has_allergy && words.allergy,
    debt && words.debt,
    item.is_new_patient && words.isNew,
    item.unconfirmed && words.unconfirmed,
  ]
    .filter(Boolean)
    .join(', ')
}

/** May this span be taken in the column by this appointment? What stands in the way, if anything. */
export function obstacle(column: Column, span: Span, self?: string): 'busy' | 'off' | null {
  const meets = (other: Span) => other.start < span.end && span.start < other.end
  const taken = column.cards.some((card) => !card.gone && card.id !== self && meets(card))
  if (taken || column.pauses.some(meets)) return 'busy'
  return column.off.some(meets) ? 'off' : null
}
