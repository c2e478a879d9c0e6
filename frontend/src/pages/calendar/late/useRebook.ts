/** From somebody who did not come to the form that gives him another time; whatever else is open closes. */
import { useRoute, useRouter } from 'vue-router'
import type { AppointmentOut } from '@/api/generated'
import { lookOf } from '../look'
import { rebookCode } from '../place'

export function useRebook() {
  const [route, router] = [useRoute(), useRouter()]

  return function rebook({ id }: Pick<AppointmentOut, 'id'>): void {
    const { date } = route.query
    void router.push({ query: { ...lookOf(route.query), ...(date ? { date } : {}), book: rebookCode(id) } })
  }
}
