/** A place that was freed, as it stands in the address. */
export interface Freed {
  branch: string
  employee: string
  chair: string | null
  starts_at: string
  ends_at: string
}

export function freedCode({ branch, employee, chair, starts_at, ends_at }: Freed): string {
  return [branch, employee, starts_at, ends_at, chair ?? ''].join('~')
}

export function readFreed(code: string | null): Freed | null {
  const [branch, employee, starts_at, ends_at, chair] = (code ?? '').split('~')
  if (!branch || !employee || !starts_at || !ends_at) return null
  if (Number.isNaN(Date.parse(starts_at)) || Number.isNaN(Date.parse(ends_at))) return null
  return { branch, employee, starts_at, ends_at, chair: chair || null }
}

/** How long somebody who needs so many minutes would sit in it. */
export function slotFor(place: Freed, minutes: number) {
  const ends_at = new Date(Date.parse(place.starts_at) + minutes * 60_000).toISOString()
  return { employee: place.employee, chair: place.chair, starts_at: place.starts_at, ends_at }
}
