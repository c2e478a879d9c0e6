import { expect, it } from 'vitest'
import { readWindows, windowsOf } from './wishes'

it('keeps parts of the day and hours together', () => {
  const hours = { from: '09:00', to: '11:30' }
  expect(windowsOf(['morning'], hours)).toEqual(['morning', '09:00-11:30'])
  expect(readWindows(['09:00-11:30', 'evening'])).toEqual({ parts: ['evening'], hours })
  expect(windowsOf([], { from: '12:00', to: '11:00' })).toEqual([])
  expect(readWindows([])).toEqual({ parts: [], hours: { from: null, to: null } })
})
