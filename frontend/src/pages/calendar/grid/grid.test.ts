import { describe, expect, test } from 'vitest'
import {
  drawn,
  firstFree,
  HOUR,
  minutesAt,
  minutesOf,
  momentOf,
  moved,
  pixels,
  resized,
  scaleOf,
  without,
} from './grid'
import { step, stopAt, type Stop } from './keys'
import { lanesOf } from './lanes'

const scale = scaleOf('2026-11-23T03:30:00+00:00', '2026-11-23T15:00:00Z')

describe('the grid', () => {
  test('begins and ends on whole hours around the day', () => {
    expect(momentOf(scale, 0)).toBe('2026-11-23T03:00:00.000Z')
    expect(scale.length).toBe(12 * 60)
    expect(minutesOf(scale, '2026-11-23T09:15:00+05:00')).toBe(75)
  })

  test('pixels and minutes are the same thing', () => {
    expect(pixels(60)).toBe(HOUR)
    expect(minutesAt(pixels(45))).toBe(45)
  })

  test('a card is carried by five minutes and stays inside', () => {
    expect(moved({ start: 60, end: 105 }, 62.4, 720)).toEqual({ start: 60, end: 105 })
    expect(moved({ start: 60, end: 105 }, 63, 720)).toEqual({ start: 65, end: 110 })
    expect(moved({ start: 60, end: 105 }, -40, 720)).toEqual({ start: 0, end: 45 })
    expect(moved({ start: 60, end: 105 }, 900, 720)).toEqual({ start: 675, end: 720 })
  })

  test('an edge is pulled down to five minutes at least', () => {
    expect(resized({ start: 60, end: 90 }, 118, 720).end).toBe(120)
    expect(resized({ start: 60, end: 90 }, 20, 720).end).toBe(65)
    expect(resized({ start: 60, end: 90 }, 2000, 720).end).toBe(720)
  })

  test('a span is drawn in either direction', () => {
    expect(drawn(61, 88, 720)).toEqual({ start: 60, end: 90 })
    expect(drawn(88, 61, 720)).toEqual({ start: 60, end: 90 })
    expect(drawn(60, 60, 720)).toEqual({ start: 60, end: 65 })
  })

  test('what is left without the shifts is time off', () => {
    const shifts = [
      { start: 60, end: 240 },
      { start: 300, end: 480 },
    ]
    expect(without({ start: 0, end: 600 }, shifts)).toEqual([
      { start: 0, end: 60 },
      { start: 240, end: 300 },
      { start: 480, end: 600 },
    ])
    expect(without({ start: 0, end: 60 }, [{ start: 0, end: 60 }])).toEqual([])
  })

  test('the first free place is inside a shift, after now and large enough', () => {
    const shifts = [{ start: 60, end: 240 }]
    const taken = [
      { start: 90, end: 150 },
      { start: 170, end: 200 },
    ]
    expect(firstFree(shifts, taken, 0, 30)).toEqual({ start: 60, end: 90 })
    expect(firstFree(shifts, taken, 62, 30)).toEqual({ start: 200, end: 230 })
    expect(firstFree(shifts, taken, 0, 60)).toBeNull()
  })
})

describe('cards that overlap', () => {
  test('stand side by side', () => {
    const places = lanesOf([
      { id: 'a', start: 0, end: 60, gone: false },
      { id: 'b', start: 30, end: 90, gone: false },
      { id: 'c', start: 90, end: 120, gone: false },
    ])
    expect(places.get('a')).toMatchObject({ lane: 0, lanes: 2 })
    expect(places.get('b')).toMatchObject({ lane: 1, lanes: 2 })
    expect(places.get('c')).toMatchObject({ lane: 0, lanes: 1 })
  })

  test('a canceled one gives way to the one that took its time', () => {
    const places = lanesOf([
      { id: 'old', start: 0, end: 60, gone: true },
      { id: 'new', start: 0, end: 30, gone: false },
      { id: 'alone', start: 60, end: 90, gone: true },
    ])
    expect(places.get('old')).toMatchObject({ isStrip: true, strip: 1 })
    expect(places.get('new')).toMatchObject({ lanes: 1, strip: 1, isStrip: false })
    expect(places.get('alone')).toMatchObject({ lanes: 1, strip: 0, isStrip: false })
  })
})

describe('the arrows', () => {
  const first = [
    { id: 'a', start: 60, end: 90 },
    { id: 'b', start: 90, end: 150 },
    { id: 'c', start: 170, end: 200 },
  ]
  const columns = [first, [{ id: 'd', start: 65, end: 125 }], []]
  const card = (id: string): Stop => ({ column: 0, ...first.find((one) => one.id === id)! })

  test('go from card to card and through the quarters between them', () => {
    expect(step(columns, card('a'), 'down', 720).id).toBe('b')
    const gap = step(columns, card('b'), 'down', 720)
    expect(gap).toEqual({ column: 0, start: 150, end: 165 })
    const rest = step(columns, gap, 'down', 720)
    expect(rest).toEqual({ column: 0, start: 165, end: 170 })
    expect(step(columns, rest, 'down', 720).id).toBe('c')
    expect(step(columns, rest, 'up', 720)).toEqual(gap)
    expect(step(columns, gap, 'up', 720).id).toBe('b')
  })

  test('go aside to what stands at the same time', () => {
    const aside = step(columns, card('b'), 'right', 720)
    expect(aside.id).toBe('d')
    expect(step(columns, aside, 'right', 720)).toEqual({ column: 2, start: 60, end: 75 })
    expect(step(columns, card('a'), 'left', 720)).toEqual(card('a'))
  })

  test('go by the step that somebody has set', () => {
    const gap = step(columns, card('b'), 'down', 720, 10)
    expect(gap).toEqual({ column: 0, start: 150, end: 160 })
    expect(step(columns, gap, 'down', 720, 10)).toEqual({ column: 0, start: 160, end: 170 })
    expect(stopAt([], 1, 155, 720, 30)).toEqual({ column: 1, start: 150, end: 180 })
  })

  test('stop at the edges of the day', () => {
    const top: Stop = { column: 2, start: 0, end: 15 }
    const bottom: Stop = { column: 2, start: 705, end: 720 }
    expect(step(columns, top, 'up', 720)).toEqual(top)
    expect(step(columns, bottom, 'down', 720)).toEqual(bottom)
    expect(stopAt(first, 0, 155, 720)).toEqual({ column: 0, start: 150, end: 165 })
  })
})
