/** The answer of the server as the grid draws it: one pass over the day, so that a card itself computes nothing. */
import type { AppointmentOut, BreakOut, ColumnOut, ReserveSpanOut } from '@/api/generated'
import { pixels, type Scale, type Span, spanOf } from './grid'
import { lanesOf, type Place as Lane } from './lanes'

export type Status = AppointmentOut['status']

const STRIP = 18
const SHORTEST = 15

const GONE: ReadonlySet<string> = new Set(['canceled', 'no_show'])
const MOVABLE: ReadonlySet<string> = new Set(['draft', 'booked', 'confirmed', 'arrived'])

export const isGone = (status: string): boolean => GONE.has(status)
export const isMovable = (status: string): boolean => MOVABLE.has(status)

/** What cards say, looked up once per day instead of once per card. */
export interface Words {
  /** In the zone of the branch, unless told another one. */
  clock: (moment: string | number, zone?: string) => string
  status: Record<Status, string>
  isNew: string
  debt: string
  allergy: string
  unconfirmed: string
  urgent: string
  over: string
  parts: string
}

export type Mark = 'over' | 'parts' | 'urgent' | 'allergy' | 'debt' | 'new' | 'unconfirmed'

export type Size = 'line' | 'two' | 'three' | 'tall' | 'strip'

export interface Card extends Span {
  id: string
  item: AppointmentOut
  gone: boolean
  /** Not among those that the filter looks for. */
  isDim: boolean
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

/** Hours kept for some patients: hatched, and free for those. */
export interface Reserved extends Span {
  id: string
  reserve: ReserveSpanOut
  style: string
}

/** Where a column puts what is dropped into it. */
export interface Place {
  branch: string
  date: string
  /** Empty where the column is a chair. */
  employee: string
  /** Undefined where the column does not decide on it. */
  chair?: string | null
}

/** Whose column it is: a doctor, or a chair or a day that stands in for one. */
export type Head = Pick<ColumnOut, 'name' | 'initials' | 'color' | 'speciality' | 'room' | 'shifts'>

export interface Column {
  id: string
  place: Place
  head: Head
  /** Its own beginning: columns of one grid may be of several days and zones. */
  scale: Scale
  zone: string
  shifts: Span[]
  off: Span[]
  pauses: Pause[]
  reserves: Reserved[]
  cards: Card[]
  /** Part of the shift that is booked, in per cent; null without a shift. */
  load: number | null
}

export interface Day {
  scale: Scale
  columns: Column[]
  byId: Map<string, Card>
}

/** Cards of one column; those that `isDim` says are not looked for recede. */
export function cardsOf(
  items: readonly AppointmentOut[],
  scale: Scale,
  zone: string,
  words: Words,
  isDim?: (item: AppointmentOut) => boolean,
): Card[] {
  const laid = items.map((item) => ({ ...spanOf(scale, item), id: item.id, gone: isGone(item.status) }))
  const places = lanesOf(laid)
  return items.map((item, index) => {
    const { start, end, gone } = laid[index]!
    const place = places.get(item.id)!
    const time = words.clock(item.starts_at, zone)
    const debt = item.balance?.startsWith('-') ?? false
    return {
      id: item.id,
      item,
      start,
      end,
      gone,
      isDim: isDim?.(item) ?? false,
      size: place.isStrip ? 'strip' : sizeOf(pixels(end - start, scale.hour)),
      style: box({ start, end }, scale.hour) + across(place) + drawn(item, scale.hour),
      time,
      name: item.patient_name,
      debt,
      marks: marksOf(item, debt),
      label: labelOf(item, `${time}–${words.clock(item.ends_at, zone)}`, debt, words),
    }
  })
}

/** How many lines fit. */
function sizeOf(height: number): Size {
  if (height < 30) return 'line'
  if (height < 46) return 'two'
  return height < 62 ? 'three' : 'tall'
}

export function box({ start, end }: Span, hour?: number): string {
  const height = Math.max(pixels(end - start, hour) - 2, SHORTEST)
  return `top:${pixels(start, hour) + 1}px;height:${height}px;`
}

function across({ lane, lanes, strip, isStrip }: Lane): string {
  if (isStrip) return `inset-inline:auto ${3 + (strip - 1) * STRIP}px;width:${STRIP - 2}px`
  const room = strip * STRIP
  const part = `(100% - ${6 + room}px) / ${lanes}`
  return `inset-inline-start:calc(3px + ${part} * ${lane});width:calc(${part} - ${lanes > 1 ? 2 : 0}px)`
}

/** Its own colour as an edge, and the minutes around it that are held as well as a shade. */
function drawn(item: AppointmentOut, hour?: number): string {
  const color = item.own_color ? `;border-inline-start:3px solid ${item.own_color}` : ''
  if (isGone(item.status) || item.segments.length) return color
  const shades = [
    item.buffer_before && `0 ${-pixels(item.buffer_before, hour)}px 0 -1px var(--held-of)`,
    item.buffer_after && `0 ${pixels(item.buffer_after, hour)}px 0 -1px var(--held-of)`,
  ].filter(Boolean)
  return shades.length ? `${color};--held:${shades.join(',')}` : color
}

function marksOf(item: AppointmentOut, debt: boolean): Mark[] {
  const marks: Mark[] = []
  if (item.is_overbooked) marks.push('over')
  if (item.is_urgent) marks.push('urgent')
  if (item.has_allergy) marks.push('allergy')
  if (debt) marks.push('debt')
  if (item.segments.length) marks.push('parts')
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
    item.is_overbooked && words.over,
    item.segments.length > 0 && words.parts,
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
