/** The plan that joins the gaps of a day, carrying it out in one step, and back in one step. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import { useForm } from '@/components/useForm'
import { useToast } from '@/components/useToast'
import { useSession } from '@/stores/session'
import { TIME_TAGS } from '../grid/useDay'
import { reasonOf } from '../taken/reason'
import { useDuration } from '../useDuration'
import { gapsApply, type GapItem, type GapMove, type GapPlan, gapsList } from './contract'
import { gapsCode, type Wish } from './gaps'
import { movesOf } from './strip'

type Order = Pick<GapMove, 'id' | 'version' | 'starts_at'>

export function useGaps(wish: () => Wish | null, date: () => string) {
  const { t } = useI18n()
  const session = useSession()
  const cache = useQueryCache()
  const toast = useToast()
  const duration = useDuration()

  const { data, error, refetch, isPlaceholderData } = useQuery(() => {
    const { employee = null, ...how } = wish() ?? {}
    const branch = wish() ? session.branchId : ''
    const query = { branch, date: date(), ...how, ...(employee ? { employee: [employee] } : {}) }
    return {
      key: [{ _id: 'calendarGaps', tags: TIME_TAGS, query }],
      enabled: Boolean(branch),
      // Another setting is compared with what it was; another day is not.
      placeholderData: (old?: GapPlan) =>
        old?.branch === branch && old.date === query.date ? old : undefined,
      query: async ({ signal }): Promise<GapPlan> => (await gapsList({ query, signal })).data,
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

  let answer: GapMove[] = []
  const form = useForm<{ moves: Order[]; confirmed: boolean }>(
    () => ({ moves: [], confirmed: false }),
    async (values, key) => void (answer = await send(values.moves, values.confirmed, key)),
  )
  /** Who has just been moved and has to be told. */
  const moved = ref<readonly GapItem[]>([])

  async function send(moves: Order[], confirmed: boolean, key?: string): Promise<GapMove[]> {
    try {
      const body = { branch: session.branchId, date: date(), moves, confirmed }
      return (await gapsApply({ body, headers: idempotent(key) })).data.moves
    } finally {
      void refreshOn(cache, ['appointments', 'visits'])
    }
  }

  /** All of the chosen ones or none; a refusal stays in `refusal` while the plan is made anew. */
  async function apply(): Promise<void> {
    if (form.saving.value || isPlaceholderData.value || !moves.value.length) return
    const [items, gain] = [moves.value, won.value]
    form.values.moves = items.map(({ id, version, to_starts_at }) => ({
      id,
      version,
      starts_at: to_starts_at,
    }))
    form.values.confirmed = wish()?.confirmed ?? false
    if (!(await form.submit())) return
    const back = answer.map(({ was_starts_at, ...one }) => ({ ...one, starts_at: was_starts_at }))
    moved.value = items
    toast.good(t('calendar.gaps.applied', { n: back.length, won: duration(gain) }, back.length), {
      undo: () => takeBack(back),
    })
  }

  async function takeBack(back: Order[]): Promise<void> {
    try {
      await send(back, true)
      moved.value = []
      toast.good(t('calendar.series.back', { n: back.length }, back.length))
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
