/**
 * The visit on the screen and its way to the server. What is typed waits 0.8 s and goes in one request after another,
 * each with the version that the last one answered. Drafts live in memory only, and stay until the server has them.
 */
import { useQuery } from '@pinia/colada'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import {
  type VisitOut,
  visitsDiagnoses,
  visitsPartialUpdate,
  visitsRetrieve,
  visitsSign,
  visitsStart,
  visitsWorks,
} from '@/api/generated'
import { type ApiError, asApiError } from '@/api/errors'
import { pause, useChanges } from '@/api/realtime'
import {
  accept,
  begin,
  differs,
  merge,
  type Part,
  PARTS,
  type Parts,
  partsOf,
  type Section,
  SECTIONS,
} from './parts'
import { withoutTooth } from './works'

const DEBOUNCE = 800
const PATIENCE = 5

interface Sending {
  names: Part[]
  send: (sent: Parts, version: number) => Promise<{ data: VisitOut }>
}

export function useVisit(id: string) {
  const path = { id }
  const { data, error, refetch } = useQuery({
    key: [{ _id: 'visitPage', id }],
    query: async ({ signal }) => (await visitsRetrieve({ path, signal })).data,
  })
  const visit = shallowRef<VisitOut | null>(null)
  const shown = ref<Parts>(partsOf({ diary: null, diagnoses: null, works: [] }))
  const base = shallowRef<Parts>({ ...shown.value })
  const conflicts = shallowRef<Part[]>([])
  const theirs = shallowRef<Parts>(base.value)
  const stale = shallowRef<ApiError | null>(null)
  /** Why the last attempt did not arrive; it is tried again. */
  const trouble = shallowRef<ApiError | null>(null)
  /** What the server will not take as it is. */
  const refused = shallowRef<{ error: ApiError; names: Part[]; sent: Parts } | null>(null)
  const saving = ref(false)
  const savedAt = ref<Date | null>(null)

  const dirty = computed(() => PARTS.filter((name) => differs(name, shown.value, base.value)))
  const incomplete = computed(() => withoutTooth(shown.value.works))

  // While our own writing is on its way, a read may already hold it; that is no news.
  watch(data, (fresh) => fresh && !saving.value && meet(fresh), { immediate: true })

  function meet(fresh: VisitOut): void {
    if (visit.value && fresh.version < visit.value.version) return
    const news = partsOf(fresh)
    const merged = visit.value ? merge(shown.value, base.value, news) : begin(news)
    visit.value = fresh
    shown.value = merged.shown
    base.value = merged.base
    theirs.value = news
    conflicts.value = merged.conflicts
    if (!merged.conflicts.length) stale.value = null
  }

  // Somebody wrote: another person, or ourselves at another screen. Our own writing is known by its version, which
  // its answer brings; until then it is only remembered. With a draft we ask by saving: the refusal says who and what.
  let heard = 0
  useChanges('visits', (changed) => {
    if (changed.id !== id) return
    heard = Math.max(heard, changed.version ?? Infinity)
    catchUp()
  })

  function catchUp(): void {
    if (saving.value || heard <= (visit.value?.version ?? 0)) return
    heard = 0
    void (dirty.value.length && !conflicts.value.length ? flush().then(() => refetch()) : refetch())
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let running: Promise<void> | null = null
  watch(
    shown,
    () => {
      if (!dirty.value.length) return
      clearTimeout(timer)
      timer = setTimeout(flush, DEBOUNCE)
    },
    { deep: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  /** Send everything that can be sent; the promise never fails, `dirty` tells what is left. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    running ??= run().finally(() => (running = null))
    return running
  }

  async function run(): Promise<void> {
    saving.value = true
    try {
      for (let tries = 0; ;) {
        const request = next()
        if (!request) return
        const sent = JSON.parse(JSON.stringify(shown.value)) as Parts
        try {
          const { data: answer } = await request.send(sent, visit.value!.version)
          saved(request.names, sent, answer)
        } catch (reason) {
          if (++tries > PATIENCE || !(await mend(asApiError(reason), request.names, sent))) return
        }
      }
    } finally {
      saving.value = false
      if (data.value && data.value.version > (visit.value?.version ?? 0)) meet(data.value)
      catchUp()
    }
  }

  function next(): Sending | null {
    const can = visit.value?.can
    if (!can) return null
    const ready = dirty.value.filter((name) => !conflicts.value.includes(name) && !isRefused(name))
    const sections = ready.filter((name): name is Section => SECTIONS.includes(name as Section))
    if (sections.length && can.diary) {
      return {
        names: sections,
        send: (sent, version) => {
          const texts = Object.fromEntries(sections.map((name) => [name, sent[name]]))
          return visitsPartialUpdate({ path, body: { ...texts, version } })
        },
      }
    }
    if (ready.includes('diagnoses') && can.diary) {
      return {
        names: ['diagnoses'],
        send: (sent, version) => {
          const items = sent.diagnoses.map(({ icd10, tooth }) => ({ icd10, tooth }))
          return visitsDiagnoses({ path, body: { version, items } })
        },
      }
    }
    if (ready.includes('works') && can.works && !incomplete.value) {
      return {
        names: ['works'],
        send: (sent, version) => {
          const items = sent.works.map(({ service, tooth, quantity, price, discount_percent, employee }) => ({
            service,
            tooth,
            quantity,
            price,
            discount_percent,
            employee,
          }))
          return visitsWorks({ path, body: { version, items } })
        },
      }
    }
    return null
  }

  const isRefused = (name: Part): boolean =>
    Boolean(refused.value?.names.includes(name) && !differs(name, shown.value, refused.value.sent))

  function saved(names: Part[], sent: Parts, answer: VisitOut): void {
    const next = accept(names, sent, shown.value, base.value, partsOf(answer))
    visit.value = answer
    shown.value = next.shown
    base.value = next.base
    trouble.value = null
    attempt = 0
    if (refused.value?.names.some((name) => names.includes(name))) refused.value = null
    savedAt.value = new Date()
  }

  /** True when it is worth trying again at once. */
  async function mend(reason: ApiError, names: Part[], sent: Parts): Promise<boolean> {
    if (reason.code === 'stale' || reason.code === 'visit_signed' || reason.code === 'visit_canceled') {
      const isStale = reason.code === 'stale'
      try {
        meet((await visitsRetrieve({ path })).data)
        trouble.value = null
      } catch (failure) {
        return later(asApiError(failure))
      }
      if (conflicts.value.length || !isStale) stale.value = reason
      return isStale
    }
    if (reason.status >= 400 && reason.status < 500 && reason.status !== 401 && reason.status !== 429) {
      refused.value = { error: reason, names, sent }
      return true
    }
    return later(reason)
  }

  function later(reason: ApiError): false {
    trouble.value = reason
    clearTimeout(timer)
    timer = setTimeout(flush, pause(attempt++))
    return false
  }

  /** A person chose between two texts of one part. */
  function settle(name: Part, whose: 'mine' | 'theirs'): void {
    base.value = { ...base.value, [name]: theirs.value[name] }
    if (whose === 'theirs') shown.value = { ...shown.value, [name]: theirs.value[name] }
    conflicts.value = conflicts.value.filter((other) => other !== name)
    if (!conflicts.value.length) stale.value = null
    void flush()
  }

  async function start(): Promise<void> {
    await flush()
    meet((await visitsStart({ path })).data)
  }

  async function sign(): Promise<void> {
    const version = visit.value!.version
    meet((await visitsSign({ path, body: { version } })).data)
  }

  return {
    visit,
    error,
    refetch,
    shown,
    dirty,
    incomplete,
    conflicts,
    theirs,
    stale,
    trouble,
    refused,
    saving,
    savedAt,
    flush,
    settle,
    start,
    sign,
  }
}

export type VisitDesk = ReturnType<typeof useVisit>
