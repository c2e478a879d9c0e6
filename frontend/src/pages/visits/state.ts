/** What is said of a visit in a word, and with which mark of the appointments' family. */
import type { VisitRowOut } from '@/api/generated/types.gen'
import type { MarkStatus } from '@/components/StatusMark.vue'

type Told = Pick<VisitRowOut, 'status' | 'started_at'>

export function markOf({ status, started_at }: Told): MarkStatus {
  if (status === 'signed') return 'done'
  if (status === 'canceled') return 'canceled'
  return started_at ? 'in_progress' : 'arrived'
}

export function wordOf(visit: Told): string {
  return visit.status === 'signed' ? 'visits.signed' : `status.${markOf(visit)}`
}

/** Allergies are free text; each one is shown by itself. */
export function allergiesOf(text: string): string[] {
  return text
    .split(/[,;\n]+/)
    .map((one) => one.trim())
    .filter(Boolean)
}
