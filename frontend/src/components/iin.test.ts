import { expect, test } from 'vitest'
import { birthOfIin, isIin, sexOfIin } from './iin'

/** Made by the rule itself, so no living person stands in a test. */
function withCheck(eleven: string): string | undefined {
  return [...'0123456789'].map((digit) => eleven + digit).find(isIin)
}

test('exactly one check digit fits', () => {
  const iin = withCheck('90010130012')!
  expect(iin).toHaveLength(12)
  expect([...'0123456789'].filter((digit) => isIin('90010130012' + digit))).toEqual([iin[11]])
})

test('a slip of two neighbours is noticed', () => {
  const iin = withCheck('85121240013')!
  expect(isIin(iin.slice(0, 9) + iin[10] + iin[9] + iin[11])).toBe(false)
})

test.each(['', '12345678901', '1234567890123', '99139930012x', '901301300127'])('%s is no IIN', (text) =>
  expect(isIin(text)).toBe(false),
)

test('the birth date and the sex are read from it', () => {
  expect(birthOfIin('900101300120')).toBe('1990-01-01')
  expect(birthOfIin('150229600120')).toBeNull()
  expect(sexOfIin('900101300120')).toBe('male')
  expect(sexOfIin('150228600120')).toBe('female')
})
