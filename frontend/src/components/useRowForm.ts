import { computed, ref, watch } from 'vue'
import { useForm } from './useForm'

interface Versioned {
  id: string
  version: number
}

/**
 * A form on a row that somebody else may change meanwhile. What is typed stays when the row is read again; the server
 * then refuses the old version as `stale`, and `mine` saves over it, `theirs` takes what is there now.
 */
export function useRowForm<Row extends Versioned, Values extends object>(
  /** What the drawer shows: the id of the row, `new`, or null while it is closed. */
  id: () => string | null,
  row: () => Row | undefined,
  initial: (row: Row | undefined) => Values,
  save: (values: Values, key: string, version: number) => Promise<unknown>,
) {
  const seen = ref(0)
  const form = useForm(
    () => {
      seen.value = row()?.version ?? 0
      return initial(row())
    },
    (values, key) => save(values, key, seen.value),
  )
  watch([id, () => row()?.version], ([now], [before]) => {
    if (now !== before || !form.dirty.value) form.reset()
  })
  const stale = computed(() => (form.error.value?.code === 'stale' ? form.error.value : null))
  const error = computed(() => (stale.value ? null : form.error.value))

  function mine(): Promise<boolean> {
    seen.value = Number(form.error.value?.details.version)
    return form.submit()
  }

  return { ...form, error, stale, mine, theirs: form.reset }
}

/** Such a form without its values: all that a drawer needs. */
export type RowForm = Omit<ReturnType<typeof useRowForm<Versioned, object>>, 'values' | 'settle'>
