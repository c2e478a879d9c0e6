import { readonly, ref } from 'vue'
import { asApiError } from '@/api/errors'

export type ToastKind = 'good' | 'danger' | 'info'

export interface Toast {
  id: number
  kind: ToastKind
  text: string
  undo?: () => unknown
}

const STAYS = 5_000
const STAYS_WITH_UNDO = 10_000
const shown = ref<Toast[]>([])
let last = 0

function show(kind: ToastKind, text: string, undo?: () => unknown): void {
  const id = ++last
  shown.value = [...shown.value.slice(-2), { id, kind, text, undo }]
  // A refusal stays until it is read.
  if (kind !== 'danger') setTimeout(() => hide(id), undo ? STAYS_WITH_UNDO : STAYS)
}

function hide(id: number): void {
  shown.value = shown.value.filter((toast) => toast.id !== id)
}

/** `toast.good('Записано', { undo: () => cancel() })`; `toast.failed(error)` says what the server said. */
export function useToast() {
  return {
    shown: readonly(shown),
    hide,
    good: (text: string, more: { undo?: () => unknown } = {}) => show('good', text, more.undo),
    info: (text: string) => show('info', text),
    bad: (text: string) => show('danger', text),
    failed: (error: unknown) => show('danger', asApiError(error).message),
  }
}
