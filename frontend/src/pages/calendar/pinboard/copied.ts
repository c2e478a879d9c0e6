/** The parts of an appointment, as its copy has them: later by as much, with the doctor and the chair of the new place. */
import type { AppointmentDetailOut, AppointmentOut, SegmentInRequest } from '@/api/generated'

type Place = Pick<AppointmentOut, 'employee_id' | 'chair_id' | 'starts_at' | 'ends_at'>
type Original = Place & Pick<AppointmentDetailOut, 'segments'>

/** `has`: who and what there is in the branch of the new place; the names of the others are `left` behind. */
export function partsAt(
  one: Original,
  to: Place,
  has: (id: string) => boolean,
): { segments: SegmentInRequest[]; left: string[] } {
  const [first, last] = [Date.parse(to.starts_at), Date.parse(to.ends_at)]
  const later = first - Date.parse(one.starts_at)
  const moved = (at: string) => new Date(Date.parse(at) + later).toISOString()
  const left = new Set<string>()
  const segments = one.segments.flatMap(({ role, employee, chair, device, name, ...times }) => {
    const kind = employee ? 'employee' : chair ? 'chair' : 'device'
    const id = employee ?? chair ?? device ?? ''
    const isMain = id === one.employee_id || id === one.chair_id
    const other = id === one.employee_id ? to.employee_id : id === one.chair_id ? to.chair_id : id
    if (!isMain && !has(id)) left.add(name)
    if (!other || (!isMain && !has(id))) return []
    return [{ role, [kind]: other, starts_at: moved(times.starts_at), ends_at: moved(times.ends_at) }]
  })
  const chair = to.chair_id
  if (chair && segments.length && !segments.some((part) => 'chair' in part && part.chair === chair)) {
    const [starts_at, ends_at] = [new Date(first).toISOString(), new Date(last).toISOString()]
    segments.push({ role: 'chair', chair, starts_at, ends_at })
  }
  return { segments, left: [...left] }
}
