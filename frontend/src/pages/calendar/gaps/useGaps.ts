/** The plan that joins the gaps of a day, carrying it out in one step, and back in one step. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import {
  type CloseInRequest,
  type GapMoveInRequest,
  gapsCreate,
  gapsList,
  type GapsOut,
  type PlannedOut,
} from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useForm } from '@/components/useForm'
import { useToast } from '@/components/useToast'
import { useSession } from '@/stores/session'
import { TIME_TAGS } from '../grid/useDay'
import { reasonOf } from '../taken/reason'
import { useDuration } from '../useDuration'
import { gapsCode, type Wish } from './gaps'
import { movesOf } from './strip'

export function useGaps(wish: () => Wish | null, date: () => string) {
  const { t } = useI18n()
  const session = useSession()
  const cache = useQueryCache()
  const toast = useToast()
  const duration = useDuration()

  const { data, error, refetch, refresh, isPlaceholderData } = useQuery(() => {
    const { employee = null, ...how } = wish() ?? {}
    const branch = wish() ? session.branchId : ''
    const query = { branch, date: date(), ...how, ...(employee ? { employee } : {}) }
    return {
      key: [{ _id: 'calendarGaps', tags: TIME_TAGS, query }],
      enabled: Boolean(branch),
      // Another setting is compared with what it was; another day is not.
      placeholderData: (old?: GapsOut) =>
        old?.branch === branch && old.date === query.date ? old : undefined,
      query: async ({ signal }): Promise<GapsOut> => (await gapsList({ query, signal })).data,
    }
  })

  /** Doctors who are to stay as they are. */
  const left = ref<ReadonlySet<string>>(new Set())
  const winners = computed(() => data.value?.employees.filter(({ won }) => won > 0) ?? [])
  const others = computed(() => data.value?.employees.filter(({ won }) => won <= 0) ?? [])
  const chosen = computed(() => winners.value.filter(({ employee }) => !left.value.has(employee)))
  const moves = computed(() => chosen.value.flatMap(movesOf))
  const won = computed(() => chosen.value.reduce((sum, one) => sum + one.won, 0))

  function choose(employee: string, is: boolean): void {
    const next = new Set(left.value)
    if (is) next.delete(employee)
    else next.add(employee)
    left.value = next
  }

  /** As they were, with the versions that they have now. */
  let back: GapMoveInRequest[] = []
  const form = useForm<CloseInRequest>(
    () => ({ branch: '', date: '', moves: [], confirmed: false }),
    async (values, key) => void (back = await send(values, key)),
  )
  /** Who has just been moved and has to be told. */
  const moved = ref<readonly PlannedOut[]>([])

  /** Answers what takes it back, once the plan knows of it: nobody presses a second time on what is over. */
  async function send(body: CloseInRequest, key?: string): Promise<GapMoveInRequest[]> {
    try {
      const { data } = await gapsCreate({ body, headers: idempotent(key) })
      return data.moves.map(({ was_starts_at, ...one }) => ({ ...one, starts_at: was_starts_at }))
    } finally {
      await refreshOn(cache, ['appointments', 'visits'])
      await refresh() // the socket may have begun a newer read
    }
  }

  /** All of the chosen ones or none; a refusal stays in `refusal` while the plan is made anew. */
  async function apply(): Promise<void> {
    if (form.saving.value || isPlaceholderData.value || !moves.value.length) return
    const [items, gain] = [moves.value, won.value]
    const order: CloseInRequest = {
      branch: session.branchId,
      date: date(),
      moves: items.map(({ id, version, to_starts_at }) => ({
        appointment: id,
        version,
        starts_at: to_starts_at,
      })),
      confirmed: wish()?.confirmed ?? false,
    }
    Object.assign(form.values, order)
    if (!(await form.submit())) return
    const undone: CloseInRequest = { ...order, moves: back, confirmed: true }
    moved.value = items
    toast.good(t('calendar.gaps.applied', { n: items.length, won: duration(gain) }), {
      undo: () => takeBack(undone),
    })
  }

  /** One step, too. */
  async function takeBack(order: CloseInRequest): Promise<void> {
    try {
      await send(order)
      moved.value = []
      const { length } = order.moves
      toast.good(t('calendar.series.back', { n: length }, length))
    } catch (refusal) {
      toast.bad(`${t('calendar.gaps.stays')} ${reasonOf(refusal)}`)
    }
  }

  function begin(): void {
    form.reset()
    moved.value = []
  }
  watch(() => (wish() ? gapsCode(wish()!) : ''), begin)
  watch([() => wish()?.employee, date, () => session.branchId], () => (left.value = new Set()))

  return {
    plan: data,
    isOld: isPlaceholderData,
    error,
    refetch,
    winners,
    others,
    left,
    choose,
    moves,
    won,
    apply,
    saving: form.saving,
    refusal: form.error,
    moved,
  }
}
