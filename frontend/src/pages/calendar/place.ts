/** Where the booking form begins, as it stands in the address: `09:30-45~<doctor>`, or just `new`. */
export interface BookingPlace {
  employee: string
  clock: string
  minutes?: number
}

export function placeCode({ employee, clock, minutes }: BookingPlace): string {
  return `${clock}${minutes ? `-${minutes}` : ''}~${employee}`
}

export function readPlace(code: string): BookingPlace | null {
  const match = /^(\d{2}:\d{2})(?:-(\d{1,3}))?~([\w-]+)$/.exec(code)
  if (!match) return null
  return { clock: match[1]!, minutes: match[2] ? Number(match[2]) : undefined, employee: match[3]! }
}
