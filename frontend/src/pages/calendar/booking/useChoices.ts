/** Whom and what the booking form offers in the branch: doctors, assistants, chairs, devices. */
import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { chairsList, devicesList, employeesList, roomsList } from '@/api/generated'
import { employeesRetrieveQuery } from '@/api/generated/@pinia/colada.gen'
import { useSession } from '@/stores/session'
import type { Picked } from './booking'

interface Chosen {
  open: () => boolean
  employee: () => string
  services: () => readonly Picked[]
}

export function useChoices({ open, employee, services }: Chosen) {
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
  const assistants = lookup('calendarAssistants', ['employees'], async (branch) => {
    const query = { branch, is_active: true, size: 200 }
    return (await employeesList({ query })).data.items
  })
  const devices = lookup('calendarDevices', ['devices'], async (branch) => {
    const query = { branch, is_active: true, size: 200 }
    return (await devicesList({ query })).data.items
  })
  const chairs = lookup('calendarChairs', ['chairs', 'rooms'], async (branch) => {
    const query = { branch, is_active: true, size: 200 }
    const [rooms, all] = await Promise.all([roomsList({ query }), chairsList({ query })])
    const names = new Map(rooms.data.items.map((room) => [room.id, room.name]))
    return all.data.items.map(({ id, room, name }) => ({
      id,
      name: [names.get(room), name].filter(Boolean).join(', '),
    }))
  })

  const { data: doctor } = useQuery(() => ({
    ...employeesRetrieveQuery({ path: { id: employee() } }),
    enabled: open() && Boolean(employee()),
  }))
  /** What is planned and the chosen doctor leaves to others. Also a word of warning only. */
  const foreign = computed(() => {
    const left = doctor.value?.left_to_others ?? []
    return services()
      .filter(({ service }) => left.includes(service))
      .map(({ name }) => name)
  })

  return { doctors, assistants, devices, chairs, foreign }
}
