/** What the rota of a month asks the server, and what it may do there. */
import { useMutation, useQuery, useQueryCache } from '@pinia/colada'
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue'
import { asApiError, type ApiError } from '@/api/errors'
import { newKey, idempotent } from '@/api/client'
import { rotaListQuery, rotaPaintMutation } from '@/api/generated/@pinia/colada.gen'
import type { PaintInRequest, RotaOut } from '@/api/generated/types.gen'
import { refreshOn } from '@/api/realtime'
import { type Chosen, undoing } from './rota'

const TAGS = ['rota', 'absences', 'special-days', 'substitutions', 'shifts', 'employees', 'appointments']

export function useRota(branch: MaybeRefOrGetter<string>, days: MaybeRefOrGetter<string[]>) {
  const cache = useQueryCache()
  const query = useQuery(() => {
    const span = { branch: toValue(branch), from: toValue(days)[0]!, to: toValue(days).at(-1)! }
    return {
      ...rotaListQuery({ query: span }),
      key: [{ _id: 'rota', tags: TAGS, query: span }],
      enabled: Boolean(span.branch),
      placeholderData: (old?: RotaOut) => (old?.branch_id === span.branch ? old : undefined),
    }
  })
  const { mutateAsync } = useMutation(rotaPaintMutation())
  const saving = ref(false)
  const error = ref<ApiError | null>(null)
  /** What an old month still shows while the next one is on its way is not to be painted over. */
  const ready = computed(() => query.data.value?.from === toValue(days)[0])

  async function send(bodies: readonly PaintInRequest[]): Promise<boolean> {
    saving.value = true
    error.value = null
    try {
      for (const body of bodies) await mutateAsync({ body, headers: idempotent(newKey()) })
      return true
    } catch (reason) {
      error.value = asApiError(reason)
      return false
    } finally {
      saving.value = false
      await refreshOn(cache, ['rota', 'appointments', 'load'])
    }
  }

  /** Paints; answers how to take it back, or null when it was refused. */
  async function paint(
    chosen: Chosen,
    what: PaintInRequest['what'],
    spans: PaintInRequest['spans'] = [],
  ): Promise<{ undo?: () => Promise<boolean> } | null> {
    const rota = query.data.value
    if (!rota || !ready.value || saving.value) return null
    const before = undoing(rota, chosen)
    const body = { branch: rota.branch_id, employees: chosen.people, dates: chosen.dates, what }
    if (!(await send([what === 'hours' ? { ...body, spans } : body]))) return null
    return before ? { undo: () => send(before) } : {}
  }

  return { ...query, ready, saving, paintError: error, paint, send }
}
