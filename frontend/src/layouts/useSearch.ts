import { useDebounceFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { navPages } from '@/router'
import { mayOpen } from '@/router/collect'
import { useSession } from '@/stores/session'
import { type SearchHit, searchProviders } from './search'

const SHORTEST = 2

export interface SearchGroup {
  title: string
  hits: SearchHit[]
}

/** Pages answer at once; the providers are asked when typing pauses, and only the last question counts. */
export function useSearch() {
  const { t } = useI18n()
  const session = useSession()
  const text = ref('')
  const found = ref<SearchGroup[]>([])
  const searching = ref(false)
  const failed = ref(false)
  let asked = new AbortController()

  const pages = computed<SearchGroup[]>(() => {
    const wanted = text.value.trim().toLocaleLowerCase()
    const hits = navPages
      .filter((page) => mayOpen(page.permission, session.may))
      .map(({ name, title }) => ({ key: `page-${name}`, title: t(title), to: { name } }))
      .filter(({ title }) => title.toLocaleLowerCase().includes(wanted))
    return hits.length ? [{ title: t('search.pages'), hits }] : []
  })
  const groups = computed(() => [...found.value, ...pages.value])

  const ask = useDebounceFn(async (wanted: string) => {
    if (wanted !== text.value.trim()) return
    asked = new AbortController()
    const { signal } = asked
    const providers = (await searchProviders()).filter(({ permission }) => mayOpen(permission, session.may))
    const answers = await Promise.allSettled(providers.map((provider) => provider.find(wanted, signal)))
    if (signal.aborted) return
    found.value = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' && answer.value.length
        ? [{ title: t(providers[index]!.title), hits: answer.value }]
        : [],
    )
    failed.value = answers.some(({ status }) => status === 'rejected')
    searching.value = false
  }, 200)

  watch(text, (now) => {
    asked.abort()
    failed.value = false
    const wanted = now.trim()
    searching.value = wanted.length >= SHORTEST
    if (searching.value) void ask(wanted)
    else found.value = []
  })

  return { text, groups, searching, failed }
}
