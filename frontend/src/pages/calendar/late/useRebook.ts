/** From somebody who did not come to the form that gives him another time; whatever else is open closes. */
import { useRoute, useRouter } from 'vue-router'
import type { AppointmentOut } from '@/api/generated'
import { useSession } from '@/stores/session'
import { useUi } from '@/stores/ui'
import { lookOf } from '../look'
import { rebookCode } from '../place'

export function useRebook() {
  const session = useSession()
  const ui = useUi()
  const [route, router] = [useRoute(), useRouter()]

  return function rebook({ id, branch_id }: Pick<AppointmentOut, 'id' | 'branch_id'>): void {
    if (branch_id !== session.branchId) ui.branch = branch_id
    const { date } = route.query
    void router.push({ query: { ...lookOf(route.query), ...(date ? { date } : {}), book: rebookCode(id) } })
  }
}
