/**
 * Arithmetic of the day: the grid counts real minutes from its first hour, so a day that skips an hour is only shorter.
 * Clock faces come from the branch's zone, pixels from one number.
 */
export const SNAP = 5
/** Minutes between two lines, and what a click takes, unless somebody has set another step. */
export const LINE = 15
export const HOUR = 66
/** How tall an hour may be, from a bird's eye to every five minutes. */
export const ZOOMS = [44, HOUR, 99, 148] as const
const MINUTE_MS = 60_000

/** Minutes from the origin of the grid, the end not included. */
export interface Span {
  start: number
  end: number
}

export interface Scale {
  /** Moment of the first hour line. */
  origin: number
  /** Length of the grid in minutes. */
  length: number
  /** Minutes between two lines. */
  step: number
  /** Height of an hour in pixels. */
  hour: number
}

/** The grid begins on the hour at or before the day's first thing and ends on the hour at or after its last. */
export function scaleOf(beginsAt: string, endsAt: string, step = LINE, hour: number = HOUR): Scale {
  const whole = 60 * MINUTE_MS
  const origin = Math.floor(Date.parse(beginsAt) / whole) * whole
  const length = Math.ceil((Date.parse(endsAt) - origin) / whole) * 60
  return { origin, length: Math.max(length, 60), step, hour }
}

/**
 * Scales that stand side by side: nine o'clock is at one height in all of them, whatever day or zone each one has.
 * `midnights` are the moments when their days begin.
 */
export function aligned(scales: readonly Scale[], midnights: readonly number[]): Scale[] {
  const begins = scales.map(({ origin }, index) => origin - midnights[index]!)
  const first = Math.min(...begins)
  const lengths = scales.map(({ length }, index) => length + (begins[index]! - first) / MINUTE_MS)
  const length = Math.max(...lengths)
  return scales.map((scale, index) => ({ ...scale, origin: midnights[index]! + first, length }))
}

export function minutesOf(scale: Scale, moment: string | number): number {
  const at = typeof moment === 'number' ? moment : Date.parse(moment)
  return Math.round((at - scale.origin) / MINUTE_MS)
}

export function momentOf(scale: Scale, minutes: number): string {
  return new Date(scale.origin + minutes * MINUTE_MS).toISOString()
}

export function spanOf(scale: Scale, thing: { starts_at: string; ends_at: string }): Span {
  return { start: minutesOf(scale, thing.starts_at), end: minutesOf(scale, thing.ends_at) }
}

export function pixels(minutes: number, hour = HOUR): number {
  return (minutes * hour) / 60
}

export function snapped(minutes: number, step = SNAP): number {
  return Math.round(minutes / step) * step
}

export function minutesAt(y: number, hour = HOUR): number {
  return (y / hour) * 60
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high))
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

/** A span carried to another place without leaving the grid. */
export function moved(span: Span, start: number, length: number): Span {
  const size = span.end - span.start
  const at = clamp(snapped(start), 0, length - size)
  return { start: at, end: at + size }
}

export type Edge = 'start' | 'end'

/** A span one edge of which is pulled. */
export function resized(span: Span, to: number, length: number, edge: Edge = 'end'): Span {
  if (edge === 'start') return { start: clamp(snapped(to), 0, span.end - SNAP), end: span.end }
  return { start: span.start, end: clamp(snapped(to), span.start + SNAP, length) }
}

/** A span drawn over an empty place, in either direction. */
export function drawn(from: number, to: number, length: number): Span {
  const first = Math.floor(Math.min(from, to) / SNAP) * SNAP
  const last = Math.ceil(Math.max(from, to) / SNAP) * SNAP
  return { start: clamp(first, 0, length - SNAP), end: clamp(last, first + SNAP, length) }
}

/** Sorted and joined. */
export function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else if (span.start < span.end) result.push({ ...span })
  }
  return result
}

/** What is left of `whole` without `taken`. */
export function without(whole: Span, taken: readonly Span[]): Span[] {
  const left: Span[] = []
  let at = whole.start
  for (const span of merged(taken)) {
    if (span.start > at) left.push({ start: at, end: Math.min(span.start, whole.end) })
    at = Math.max(at, span.end)
    if (at >= whole.end) break
  }
  if (at < whole.end) left.push({ start: at, end: whole.end })
  return left.filter(({ start, end }) => start < end)
}

/** The first free place of that length inside the working time, not before `from`; or null. */
export function firstFree(
  shifts: readonly Span[],
  taken: readonly Span[],
  from: number,
  size: number,
): Span | null {
  for (const shift of merged(shifts)) {
    for (const gap of without(shift, taken)) {
      const start = Math.ceil(Math.max(gap.start, from) / SNAP) * SNAP
      if (start + size <= gap.end) return { start, end: start + size }
    }
  }
  return null
}
