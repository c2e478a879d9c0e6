/** Doctors, chairs and rooms of the branch, for the forms that choose among them. */
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { chairsList, employeesList, roomsList } from '@/api/generated'
import { useSession } from '@/stores/session'

export function usePeople(open: () => boolean) {
  const session = useSession()

  const lookup = <T>(id: string, tags: string[], read: (branch: string) => Promise<T>) =>
    useQuery(() => {
      const branch = open() ? session.branchId : ''
      return { key: [{ _id: id, tags, branch }], enabled: Boolean(branch), query: () => read(branch) }
    }).data

  const doctors = lookup('calendarDoctors', ['employees'], async (branch) => {
    const query = { branch, treats: true, is_active: true, size: 200 }
    return (await employeesList({ query })).data.items
  })
  const places = lookup('calendarPlaces', ['chairs', 'rooms'], async (branch) => {
    const query = { branch, is_active: true, size: 200 }
    const [rooms, chairs] = await Promise.all([roomsList({ query }), chairsList({ query })])
    const names = new Map(rooms.data.items.map((room) => [room.id, room.name]))
    return {
      rooms: rooms.data.items.map(({ id, name }) => ({ id, name })),
      chairs: chairs.data.items.map(({ id, room, name }) => ({
        id,
        name: [names.get(room), name].filter(Boolean).join(', '),
      })),
    }
  })

  const named = computed(() => {
    const all = [...(places.value?.rooms ?? []), ...(places.value?.chairs ?? [])]
    const people = (doctors.value ?? []).map(({ id, short_name }) => ({ id, name: short_name }))
    return new Map([...all, ...people].map(({ id, name }) => [id, name]))
  })

  return { doctors, places, name: (id: string | null) => (id ? (named.value.get(id) ?? '') : '') }
}
