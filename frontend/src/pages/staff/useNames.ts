import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { positionsListQuery, specialitiesListQuery } from '@/api/generated/@pinia/colada.gen'

/** Positions and specialities as options of a select, and the name of one by its id. */
export function useNames() {
  const positionRows = useQuery(() => positionsListQuery({ query: { size: 200 } }))
  const specialityRows = useQuery(() => specialitiesListQuery({ query: { size: 200 } }))
  const options = (rows?: readonly { id: string; name: string }[]) =>
    (rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const positions = computed(() => options(positionRows.data.value?.items))
  const specialities = computed(() => options(specialityRows.data.value?.items))
  const nameOf = (id: string) =>
    [...specialities.value, ...positions.value].find(({ value }) => value === id)?.label
  return { positionRows, specialityRows, positions, specialities, nameOf }
}
