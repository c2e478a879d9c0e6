import { shiftsList } from '@/api/generated'
import type { ShiftsListData, WorkShiftOut } from '@/api/generated'

/** Every shift, page after page: half a week would look like days off. */
export async function wholeRota(query: ShiftsListData['query']): Promise<WorkShiftOut[]> {
  const found: WorkShiftOut[] = []
  let page: number | null = 1
  while (page) {
    const { data }: { data: { items: WorkShiftOut[]; next: number | null } } = await shiftsList({
      query: { ...query, page },
      throwOnError: true,
    })
    found.push(...data.items)
    page = data.next
  }
  return found
}
