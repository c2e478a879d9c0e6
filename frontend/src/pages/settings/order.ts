interface Placed {
  id: string
  position: number
  version: number
}

/** Which rows get another place when one moves a step up or down: the rest keep theirs. */
export function moved<Row extends Placed>(rows: readonly Row[], id: string, step: 1 | -1) {
  const from = rows.findIndex((row) => row.id === id)
  const to = from + step
  if (from < 0 || to < 0 || to >= rows.length) return []
  const order = [...rows]
  ;[order[from], order[to]] = [order[to]!, order[from]!]
  return order
    .map((row, position) => ({ row, position }))
    .filter(({ row, position }) => row.position !== position)
    .map(({ row, position }) => ({ id: row.id, version: row.version, position }))
}
