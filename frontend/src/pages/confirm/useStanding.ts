/** On whom the keys stand. */
import { computed, nextTick, type Ref, ref, watch } from 'vue'
import type { ConfirmationOut } from '@/api/generated'
import { isOpen } from './queue'

type Row = Pick<ConfirmationOut, 'id' | 'status' | 'moved_from' | 'in_call_by_id'>

export function useStanding<One extends Row>(
  people: Ref<readonly One[]>,
  {
    date,
    list,
    me,
    left,
  }: {
    date: () => string
    list: Ref<HTMLElement | null>
    me: () => string | undefined
    /** He left the list while he was on the telephone here. */
    left: (row: One) => void
  },
) {
  const activeId = ref<string | null>(null)
  const active = computed(() => people.value.find(({ id }) => id === activeId.value) ?? null)
  /** On nobody, until somebody is chosen. */
  let released = false

  // Whoever leaves the list under the keys leaves his place to the next. Not while he is on the telephone: what was heard
  // of him is about to be pressed, and must not be written about another.
  watch(
    [people, date],
    ([next, day], [before, dayBefore]) => {
      if (released || next.some(({ id }) => id === activeId.value)) return
      const gone = before?.find(({ id }) => id === activeId.value)
      if (gone && day === dayBefore && isOpen(gone) && gone.in_call_by_id === me()) {
        activeId.value = null
        released = true
        left(gone)
        return
      }
      const index = before?.findIndex(({ id }) => id === activeId.value) ?? 0
      const hadFocus = list.value?.contains(document.activeElement)
      stand(next[Math.min(Math.max(index, 0), next.length - 1)], hadFocus)
    },
    { immediate: true },
  )

  function stand(row: One | undefined, focus = true): void {
    released = false
    activeId.value = row?.id ?? null
    if (focus && row) void nextTick(() => line(row.id)?.focus())
  }

  const line = (id: string) => list.value?.querySelector<HTMLElement>(`[data-row="${id}"]`)

  function walk(steps: number): void {
    const index = people.value.findIndex(({ id }) => id === activeId.value)
    stand(people.value[Math.min(Math.max(index + steps, 0), people.value.length - 1)])
  }

  return { activeId, active, stand, walk }
}
