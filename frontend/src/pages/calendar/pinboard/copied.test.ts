import { describe, expect, it } from 'vitest'
import { partsAt } from './copied'

const at = (clock: string) => `2026-12-01T${clock}:00.000Z`
const part = (role: string, who: object, from: string, to: string, name = '') =>
  ({
    role,
    employee: null,
    chair: null,
    device: null,
    ...who,
    starts_at: at(from),
    ends_at: at(to),
    name,
  }) as never

const original = {
  employee_id: 'doctor',
  chair_id: 'chair',
  starts_at: at('10:00'),
  ends_at: at('11:00'),
  segments: [
    part('doctor', { employee: 'doctor' }, '10:00', '10:30'),
    part('chair', { chair: 'chair' }, '10:00', '11:00'),
    part('device', { device: 'laser' }, '10:15', '10:45', 'Лазер'),
    part('assistant', { employee: 'nurse' }, '10:30', '11:00', 'Сестра'),
  ],
}
const there = (fields: object = {}) => ({
  employee_id: 'doctor',
  chair_id: 'chair',
  starts_at: at('12:00'),
  ends_at: at('13:00'),
  ...fields,
})

describe('the parts of a copy', () => {
  it('come later by as much as it does', () => {
    const { segments, left } = partsAt(original, there(), () => true)
    expect(left).toEqual([])
    expect(segments.map(({ starts_at, ends_at }) => [starts_at, ends_at])).toEqual([
      [at('12:00'), at('12:30')],
      [at('12:00'), at('13:00')],
      [at('12:15'), at('12:45')],
      [at('12:30'), at('13:00')],
    ])
    expect(segments[2]).toMatchObject({ role: 'device', device: 'laser' })
  })

  it('go to the doctor and the chair of the new place', () => {
    const { segments } = partsAt(original, there({ employee_id: 'other', chair_id: 'seat' }), () => true)
    expect(segments[0]).toMatchObject({ role: 'doctor', employee: 'other' })
    expect(segments[1]).toMatchObject({ role: 'chair', chair: 'seat' })
  })

  it('leave behind what the other branch does not have, and say so', () => {
    const { segments, left } = partsAt(original, there(), (id) => id !== 'laser')
    expect(segments.map(({ role }) => role)).toEqual(['doctor', 'chair', 'assistant'])
    expect(left).toEqual(['Лазер'])
  })

  it('get the chair of the new place when they had none', () => {
    const unseated = { ...original, chair_id: null, segments: original.segments.slice(0, 1) }
    const { segments } = partsAt(unseated, there(), () => true)
    expect(segments[1]).toMatchObject({ role: 'chair', chair: 'chair', starts_at: at('12:00') })
  })

  it('are none where there were none', () => {
    expect(partsAt({ ...original, segments: [] }, there(), () => true).segments).toEqual([])
  })
})
