import type { CategoryOut } from '@/api/generated/types.gen'

/** The category itself and everything under it. */
export function branchOf(rows: readonly CategoryOut[], id: string): Set<string> {
  const inside = new Set([id])
  // Parents stand before their children, so one walk is enough.
  for (const row of rows) if (row.parent && inside.has(row.parent)) inside.add(row.id)
  return inside
}

/** `Терапия › Кариес`, for a select. */
export function optionsOf(rows: readonly CategoryOut[], without: ReadonlySet<string> = new Set()) {
  return rows
    .filter(({ id }) => !without.has(id))
    .map(({ id, path }) => ({ value: id, label: path.join(' › ') }))
}
