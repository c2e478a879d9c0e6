import { computed, reactive, ref, toRaw } from 'vue'
import { newKey } from '@/api/client'
import { type ApiError, asApiError } from '@/api/errors'

/**
 * The life of a form: values, whether they changed, saving and what the server said.
 * `save` gets the values and an idempotency key, which stays the same while the same values are tried again.
 */
export function useForm<Values extends object>(
  initial: () => Values,
  save: (values: Values, key: string) => Promise<unknown>,
) {
  const copy = (values: Values): Values => JSON.parse(JSON.stringify(values)) as Values
  const values = reactive(copy(initial())) as Values
  const start = ref(JSON.stringify(values))
  const saving = ref(false)
  const error = ref<ApiError | null>(null)
  const dirty = computed(() => JSON.stringify(values) !== start.value)
  let sent = ''
  let key = ''

  /** Begin again from what is known now. */
  function reset(): void {
    const fresh = copy(initial())
    for (const name of Object.keys(values)) delete (values as Record<string, unknown>)[name]
    Object.assign(values, fresh)
    start.value = JSON.stringify(values)
    error.value = null
    sent = ''
  }

  /** What the form filled in by itself is not a change of the person's. */
  function settle(): void {
    start.value = JSON.stringify(values)
  }

  /** True when it was saved; pressing twice saves once. */
  async function submit(): Promise<boolean> {
    if (saving.value) return false
    const now = JSON.stringify(values)
    if (now !== sent) key = newKey()
    sent = now
    saving.value = true
    error.value = null
    try {
      await save(copy(toRaw(values)), key)
      start.value = now
      sent = ''
      return true
    } catch (reason) {
      error.value = asApiError(reason)
      return false
    } finally {
      saving.value = false
    }
  }

  return { values, dirty, saving, error, reset, settle, submit }
}
