import { expect, test } from 'vitest'
import { nextSort, pagesOf } from './table'

test('a click sorts up, down and as usual', () => {
  expect(nextSort('', 'name')).toBe('name')
  expect(nextSort('name', 'name')).toBe('-name')
  expect(nextSort('-name', 'name')).toBe('')
  expect(nextSort('-name', 'date')).toBe('date')
})

test('an empty list has one page', () => {
  expect([0, 1, 25, 26].map((total) => pagesOf(total, 25))).toEqual([1, 1, 1, 2])
})
