export interface Column<Row> {
  key: string
  title: string
  /** What the cell says; a slot `cell-<key>` may draw it instead. */
  text?: (row: Row) => string | number | null | undefined
  /** The name the API sorts by; a column without it is not sorted. */
  sort?: string
  align?: 'end'
  width?: string
  /** On a phone the row is a card: this column is its heading, or is left out. */
  phone?: 'title' | 'hide'
  /** Left out where the window is narrower than a laptop's. */
  roomy?: boolean
  /** Hidden until somebody asks for it; needs the table's `name`. */
  optional?: boolean
}

/** First click ascending, second descending, third as the list usually stands. */
export function nextSort(now: string, name: string): string {
  if (now === name) return `-${name}`
  return now === `-${name}` ? '' : name
}

export function pagesOf(total: number, size: number): number {
  return Math.max(1, Math.ceil(total / size))
}
