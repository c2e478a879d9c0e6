/**
 * Where the booking form begins, as it stands in the address: `09:30-45~<doctor>~<chair>~<patient>`, or just `new`. Any of
 * them may be empty; the patient's card links here so, too.
 */
export interface BookingPlace {
  /** Empty: still to be chosen. */
  employee: string
  /** Empty: still to be chosen. */
  clock: string
  minutes?: number
  chair?: string
  /** Who is to be booked. */
  patient?: string
}

export function placeCode({ employee, clock, minutes, chair, patient }: BookingPlace): string {
  const tail = patient ? `~${chair ?? ''}~${patient}` : chair ? `~${chair}` : ''
  return `${clock}${minutes ? `-${minutes}` : ''}~${employee}${tail}`
}

/** Or whom it gives another time: `rebook~<appointment>`. */
const REBOOK = 'rebook~'
export const rebookCode = (appointment: string): string => REBOOK + appointment
export const rebookOf = (code: string | null): string | null =>
  code?.startsWith(REBOOK) ? code.slice(REBOOK.length) : null

export function readPlace(code: string): BookingPlace | null {
  const match = /^(\d{2}:\d{2})?(?:-(\d{1,3}))?~([\w-]*)(?:~([\w-]*))?(?:~([\w-]+))?$/.exec(code)
  if (!match) return null
  const [, clock = '', minutes, employee, chair, patient] = match
  return {
    clock,
    minutes: minutes ? Number(minutes) : undefined,
    employee: employee!,
    chair: chair || undefined,
    patient,
  }
}
