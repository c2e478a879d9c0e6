/** What a form and the fields inside it tell each other. */
import {
  computed,
  type ComputedRef,
  inject,
  type InjectionKey,
  onScopeDispose,
  provide,
  reactive,
  watch,
} from 'vue'
import type { ApiError } from '@/api/errors'

interface FormContext {
  error: () => ApiError | null | undefined
  /** Fields whose text cannot be read; a form does not save while there is one. */
  unreadable: Set<symbol>
}

const key: InjectionKey<FormContext> = Symbol('form')

export function provideForm(error: () => ApiError | null | undefined): { unreadable: Set<symbol> } {
  const context = { error, unreadable: reactive(new Set<symbol>()) }
  provide(key, context)
  return context
}

/** What the server said about this field, if anything. */
export function useFieldError(name: () => string | undefined): ComputedRef<string | undefined> {
  const form = inject(key, null)
  return computed(() => {
    const field = name()
    return field ? form?.error()?.field(field) : undefined
  })
}

/** Holds the form back while the text of this field cannot be read. */
export function useUnreadable(unreadable: () => boolean): void {
  const form = inject(key, null)
  if (!form) return
  const me = Symbol('field')
  watch(unreadable, (now) => (now ? form.unreadable.add(me) : form.unreadable.delete(me)), {
    immediate: true,
  })
  onScopeDispose(() => form.unreadable.delete(me))
}
