import { readonly, ref } from 'vue'
import { asApiError } from '@/api/errors'

export type ToastKind = 'good' | 'danger' | 'info'

export interface Toast {
  id: number
  kind: ToastKind
  text: string
  undo?: () => unknown
  act?: Act
}

/** What may be done about it. */
export interface Act {
  text: string
  run: () => unknown
}

const STAYS = 5_000
const STAYS_TO_ACT = 10_000
const shown = ref<Toast[]>([])
let last = 0

function show(kind: ToastKind, text: string, more: Pick<Toast, 'undo' | 'act'> = {}): number {
  const id = ++last
  shown.value = [...shown.value.slice(-2), { id, kind, text, ...more }]
  // A refusal stays until it is read.
  if (kind !== 'danger') setTimeout(() => hide(id), more.undo || more.act ? STAYS_TO_ACT : STAYS)
  return id
}

function hide(id: number): void {
  shown.value = shown.value.filter((toast) => toast.id !== id)
}

/** `toast.good('Записано', { undo: () => cancel() })`; `toast.failed(error)` says what the server said. */
export function useToast() {
  return {
    shown: readonly(shown),
    hide,
    good: (text: string, more?: { undo?: () => unknown }): void => void show('good', text, more),
    /** Returns its id: what is said of something that is taken back can be hidden with it. */
    info: (text: string, more?: { act?: Act }): number => show('info', text, more),
    bad: (text: string): void => void show('danger', text),
    failed: (error: unknown): void => void show('danger', asApiError(error).reason),
  }
}
