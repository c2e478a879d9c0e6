/** Minutes between two lines of the grid: as the person, else the branch, else the network has set it. */
import { useQuery } from '@pinia/colada'
import { computed, type ComputedRef } from 'vue'
import { ownSettingsRetrieve } from '@/api/generated'
import { LINE } from './grid'

export function useStep(branch: () => string): ComputedRef<number> {
  const { data } = useQuery(() => {
    const query = { branch: branch() }
    return {
      key: [{ _id: 'calendarStep', tags: ['own-settings', 'settings', 'branches'], query }],
      enabled: Boolean(query.branch),
      query: async ({ signal }) => (await ownSettingsRetrieve({ query, signal })).data.preferences,
    }
  })
  return computed(() => Number(data.value?.calendar_step_minutes?.value ?? LINE))
}
