/** What a person, the branch or the network has set; all of it is read once. */
import { useQuery } from '@pinia/colada'
import { computed, type ComputedRef } from 'vue'
import { ownSettingsRetrieve } from '@/api/generated'

export function usePreference(
  branch: () => string,
  key: 'calendar_step_minutes' | 'late_after_minutes',
  usual: number,
): ComputedRef<number> {
  const { data } = useQuery(() => {
    const query = { branch: branch() }
    return {
      key: [{ _id: 'calendarPreferences', tags: ['own-settings', 'settings', 'branches'], query }],
      enabled: Boolean(query.branch),
      query: async ({ signal }) => (await ownSettingsRetrieve({ query, signal })).data.preferences,
    }
  })
  return computed(() => Number(data.value?.[key]?.value ?? usual))
}
