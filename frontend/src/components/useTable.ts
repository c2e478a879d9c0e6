import { computed, type ComputedRef } from 'vue'
import { type LocationQuery, useRoute, useRouter } from 'vue-router'
import { inTurn } from './inTurn'

const PER_PAGE = 25

export interface TableAddress<Filter extends string> {
  page: ComputedRef<number>
  size: number
  /** `name`, `-name`, or an empty string. */
  sort: ComputedRef<string>
  filters: ComputedRef<Record<Filter, string>>
  /** Is any filter set? */
  filtered: ComputedRef<boolean>
  setFilter: (name: Filter, value: string | null | undefined) => void
  resetFilters: () => void
  /** All that `DataTable` wants to know of the address and tells it: `v-bind="table.bind.value"`. */
  bind: ComputedRef<{
    page: number
    size: number
    sort: string
    filtered: boolean
    'onUpdate:page': (page: number) => void
    'onUpdate:sort': (sort: string) => void
    onReset: () => void
  }>
}

/** Page, order and filters of a list live in the address: they survive a reload and can be sent to a colleague. */
export function useTable<Filter extends string = never>(
  names: readonly Filter[] = [],
  { size = PER_PAGE, sort: usual = '' }: { size?: number; sort?: string } = {},
): TableAddress<Filter> {
  const route = useRoute()
  const router = useRouter()
  const read = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '')

  const page = computed(() => Math.max(1, Number.parseInt(read('page'), 10) || 1))
  const sort = computed(() => read('sort') || usual)
  const filters = computed(
    () => Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Filter, string>,
  )
  const filtered = computed(() => names.some((name) => filters.value[name] !== ''))

  function change(changes: Record<string, string | null | undefined>): void {
    inTurn(() => {
      const query: LocationQuery = { ...route.query }
      for (const [name, value] of Object.entries(changes)) {
        if (value) query[name] = value
        else delete query[name]
      }
      return router.replace({ query })
    })
  }

  const setPage = (next: number) => change({ page: next > 1 ? String(next) : null })
  const setSort = (next: string) => change({ sort: next === usual ? null : next, page: null })
  const resetFilters = () => change({ ...Object.fromEntries(names.map((name) => [name, null])), page: null })
  const bind = computed(() => ({
    page: page.value,
    size,
    sort: sort.value,
    filtered: filtered.value,
    'onUpdate:page': setPage,
    'onUpdate:sort': setSort,
    onReset: resetFilters,
  }))

  return {
    page,
    size,
    sort,
    filters,
    filtered,
    setFilter: (name, value) => change({ [name]: value, page: null }),
    resetFilters,
    bind,
  }
}
