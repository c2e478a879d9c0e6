/** Who and what can be had in a branch, asked only for an appointment that has parts. */
import { type AppointmentDetailOut, chairsList, devicesList, employeesList } from '@/api/generated'

export function useThere() {
  async function known(branch: string, one: AppointmentDetailOut): Promise<(id: string) => boolean> {
    if (!one.segments.length) return () => true
    const query = { branch, is_active: true, size: 200 }
    const lists = await Promise.all([employeesList({ query }), chairsList({ query }), devicesList({ query })])
    const ids = new Set(lists.flatMap(({ data }) => data.items.map(({ id }) => id)))
    return (id) => ids.has(id)
  }

  return { known }
}
