/** The next people of a day: first those who are here, then those who should be, then those who will be. */
import type { AppointmentOut } from '@/api/generated'
import { minutesSince, overdueOf } from '../late/late'

const SHOWN = 6

export interface Coming<Item> {
  item: Item
  /** By how many minutes; 0 while he is waited for. */
  late: number
}

/** Whoever let his time pass whole is not waited for any more: see late/MissedList.vue. */
export function coming<Item extends Pick<AppointmentOut, 'status' | 'starts_at' | 'ends_at'>>(
  items: readonly Item[],
  now: number,
  patience?: number,
): Coming<Item>[] {
  return items
    .filter(({ status }) => ['arrived', 'booked', 'confirmed'].includes(status))
    .map((item) => ({ item, overdue: overdueOf(item, now, patience) }))
    .filter(({ overdue }) => overdue !== 'missed')
    .map(({ item, overdue }) => ({ item, late: overdue ? minutesSince(item, now) : 0 }))
    .sort(
      (a, b) =>
        Number(b.item.status === 'arrived') - Number(a.item.status === 'arrived') ||
        a.item.starts_at.localeCompare(b.item.starts_at),
    )
    .slice(0, SHOWN)
}
