/** Where the booking form begins, as it stands in the address: `09:30-45~<doctor>~<chair>`, or just `new`. */
export interface BookingPlace {
  /** Empty: still to be chosen. */
  employee: string
  clock: string
  minutes?: number
  /** Only where the place is a chair. */
  chair?: string
}

export function placeCode({ employee, clock, minutes, chair }: BookingPlace): string {
  return `${clock}${minutes ? `-${minutes}` : ''}~${employee}${chair ? `~${chair}` : ''}`
}

export function readPlace(code: string): BookingPlace | null {
  const match = /^(\d{2}:\d{2})(?:-(\d{1,3}))?~([\w-]*)(?:~([\w-]+))?$/.exec(code)
  if (!match) return null
  const [, clock, minutes, employee, chair] = match
  return { clock: clock!, minutes: minutes ? Number(minutes) : undefined, employee: employee!, chair }
}
