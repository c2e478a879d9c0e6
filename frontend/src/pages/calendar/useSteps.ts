/** From what is shown to its neighbour: a head, a turned page, a zoom, now. */
import { useSession } from '@/stores/session'
import type { Column } from './grid/cards'
import { ZOOMS } from './grid/grid'
import type { By } from './look'
import type { useAddress } from './useAddress'
import type { useShown } from './useShown'

export function useSteps(
  address: ReturnType<typeof useAddress>,
  shown: ReturnType<typeof useShown>,
  toNow: () => void,
) {
  const session = useSession()

  /** A head: narrows to the doctor and back; in a week it is a day. */
  function pressHead({ place }: Column): void {
    if (shown.isWeek.value) address.go(place.date, { view: undefined })
    else address.narrow(shown.alone.value ? null : place.employee)
  }

  /** By a number of days, or to a date. */
  function turn(to: string): void {
    if (/^-?\d$/.test(to)) address.shift(Number(to))
    else address.go(to)
  }

  function zoom(by: number): void {
    const to = Math.min(Math.max(address.zoom.value + by, 0), ZOOMS.length - 1)
    address.change({ zoom: to === 1 ? null : String(to) })
  }

  function goNow(): void {
    if (address.isToday.value) toNow()
    else address.goToday()
  }

  function columns(next: By): void {
    const isUsual = next === 'doctor' || (next === 'branch' && session.branches.length < 2)
    address.change({ by: isUsual ? null : next, view: null })
  }

  return { pressHead, turn, zoom, goNow, columns }
}
