import { expect, test } from 'vitest'
import type { CategoryOut } from '@/api/generated/types.gen'
import { branchOf, optionsOf } from './tree'

const row = (id: string, parent: string | null, path: string[]): CategoryOut => ({
  id,
  parent,
  path,
  name: path.at(-1)!,
  position: 0,
  version: 1,
})
const rows = [
  row('a', null, ['A']),
  row('b', 'a', ['A', 'B']),
  row('c', 'b', ['A', 'B', 'C']),
  row('d', null, ['D']),
]

test('a category cannot be put under itself or its own children', () => {
  expect([...branchOf(rows, 'a')]).toEqual(['a', 'b', 'c'])
  expect(optionsOf(rows, branchOf(rows, 'b')).map(({ value }) => value)).toEqual(['a', 'd'])
})

test('a select shows the whole way', () => expect(optionsOf(rows)[2]?.label).toBe('A › B › C'))
