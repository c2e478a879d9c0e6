import { describe, expect, test } from 'vitest'
import {
  dayIn,
  formatDate,
  formatDateTime,
  formatMoney,
  formatPhone,
  formatTime,
  parseDate,
  parseMoney,
  parsePhone,
  shortName,
} from './format'

const plain = (text: string) => text.replaceAll('\u00a0', '_')

describe('dates and times', () => {
  test('a plain date is only rearranged', () => expect(formatDate('2026-11-22')).toBe('22.11.2026'))
  test('a moment belongs to the zone of the branch', () => {
    expect(formatTime('2026-11-22T09:30:00Z', 'Asia/Almaty')).toBe('14:30')
    expect(formatDate('2026-11-22T20:00:00Z', 'Asia/Almaty')).toBe('23.11.2026')
    expect(dayIn('2026-11-22T20:00:00Z', 'Asia/Almaty')).toBe('2026-11-23')
    expect(formatTime('2026-11-22T19:00:00Z', 'Asia/Almaty')).toBe('00:00')
    expect(plain(formatDateTime('2026-11-22T09:30:00Z', 'Asia/Almaty'))).toBe('22.11.2026_14:30')
  })
  test.each([
    ['22.11.2026', '2026-11-22'],
    ['22.11.26', '2026-11-22'],
    ['22112026', '2026-11-22'],
    ['1.2.1985', '1985-02-01'],
    ['2026-11-22', '2026-11-22'],
    ['2026-11-22T10:00:00Z', '2026-11-22'],
    ['31.02.2026', null],
    ['soon', null],
  ])('%s is read as %s', (text, day) => expect(parseDate(text)).toBe(day))
})

describe('money', () => {
  test.each([
    ['12500.00', '12_500_₸'],
    ['12500.5', '12_500,50_₸'],
    ['1234567', '1_234_567_₸'],
    ['-900.00', '−900_₸'],
    ['-0.00', '0_₸'],
    ['999', '999_₸'],
  ])('%s is written %s', (amount, text) => expect(plain(formatMoney(amount))).toBe(text))
  test.each([
    ['12 500 ₸', '12500'],
    ['12\u00a0500,50', '12500.50'],
    ['007', '7'],
    ['1,234', null],
    ['abc', null],
    ['', null],
  ])('%s is read as %s', (text, amount) => expect(parseMoney(text)).toBe(amount))
})

describe('phones and names', () => {
  test('a phone of Kazakhstan is grouped', () =>
    expect(plain(formatPhone('+77011234567'))).toBe('+7_701_123_45_67'))
  test.each([
    ['8 (701) 123-45-67', '+77011234567'],
    ['+7 701 123 45 67', '+77011234567'],
    ['701 123 45 67', '+77011234567'],
    ['+49 30 1234567', '+49301234567'],
    ['8701', null],
  ])('%s is read as %s', (text, phone) => expect(parsePhone(text)).toBe(phone))
  test('the patronymic is optional', () => {
    expect(plain(shortName({ last_name: 'Ахметова', first_name: 'Айгуль' }))).toBe('Ахметова_А.')
  })
})
