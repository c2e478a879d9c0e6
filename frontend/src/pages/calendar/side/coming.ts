/** The next people of a day: first those who are here, then those who should be, then those who will be. */
import type { AppointmentOut } from '@/api/generated'

const SHOWN = 6
/** A minute or two is nobody's delay. */
const PATIENCE = 5

export interface Coming<Item> {
  item: Item
  /** By how many minutes; 0 while there is still time. */
  late: number
}

export function coming<Item extends Pick<AppointmentOut, 'status' | 'starts_at'>>(
  items: readonly Item[],
  now: number,
): Coming<Item>[] {
  const lateBy = ({ status, starts_at }: Item) => {
    const minutes = status === 'arrived' ? 0 : Math.floor((now - Date.parse(starts_at)) / 60_000)
    return minutes >= PATIENCE ? minutes : 0
  }
  return items
    .filter(({ status }) => ['arrived', 'booked', 'confirmed'].includes(status))
    .map((item) => ({ item, late: lateBy(item) }))
    .sort(
      (a, b) =>
        Number(b.item.status === 'arrived') - Number(a.item.status === 'arrived') ||
        a.item.starts_at.localeCompare(b.item.starts_at),
    )
    .slice(0, SHOWN)
}
