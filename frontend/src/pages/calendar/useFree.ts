/** Where there is room, as the server finds it: one search for the form, the keys and the card. */
import { useQuery } from '@pinia/colada'
import type { MaybeRefOrGetter } from 'vue'
import { toValue } from 'vue'
import { slotsList, type SlotsListData } from '@/api/generated'

export type Search = NonNullable<SlotsListData['query']>

/** Whatever these change may take or give room. */
const TAGS = ['appointments', 'breaks', 'reserves', 'shifts', 'rota', 'absences', 'holds']

/** Null: there is nothing to look for yet. */
export function useFree(search: MaybeRefOrGetter<Search | null>) {
  const { data, error, isLoading } = useQuery(() => {
    const query = toValue(search)
    return {
      key: [{ _id: 'calendarFree', tags: TAGS, query }],
      enabled: query !== null,
      query: async ({ signal }) => (await slotsList({ query: query!, signal })).data.items,
    }
  })
  return { free: data, error, isLoading }
}
