import { expect, test } from 'vitest'
import type { Words } from './gather'
import { LANGUAGES, russianPlural } from './index'

const files = import.meta.glob<Words>(['./locales/*.json', '../pages/*/locales/*.json'], {
  eager: true,
  import: 'default',
})

function keys(words: Words, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keys(value, `${prefix}${key}.`),
  )
}

const folders = new Set(Object.keys(files).map((path) => path.replace(/[^/]+$/, '')))

test.each([...folders])('%s has the same words in every language', (folder) => {
  const [first, ...others] = LANGUAGES.map((language) =>
    keys(files[`${folder}${language}.json`] ?? {}).sort(),
  )
  expect(first).not.toEqual([])
  for (const other of others) expect(other).toEqual(first)
})

test.each([...Object.entries(files)])('%s has no empty word', (_, words) => {
  expect(JSON.stringify(words)).not.toContain('""')
})

test('russian counts in three forms', () => {
  expect([1, 2, 5, 11, 21, 22, 112].map((n) => russianPlural(n, 3))).toEqual([0, 1, 2, 2, 0, 1, 2])
})
