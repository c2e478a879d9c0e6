/** Keys of the run; listed for people in ConfirmKeys.vue. */
import { useEventListener } from '@vueuse/core'
import type { Result } from './useConfirm'

export const RESULTS: readonly Result[] = ['reached', 'no_answer', 'call_back', 'declined', 'other']

interface Hooks {
  /** A form or a sheet is open: its keys go first. */
  isBusy: () => boolean
  walk: (by: number) => void
  edge: (end: boolean) => void
  call: () => void
  leave: () => void
  result: (result: Result) => void
  remind: () => void
  open: () => void
  group: () => void
  filter: () => void
  shift: (days: number) => void
  help: () => void
}

const TYPED = 'input, textarea, select, [contenteditable="true"], dialog, [role="menu"]'

export function useConfirmKeys(hooks: Hooks): void {
  useEventListener(window, 'keydown', (event) => {
    const target = event.target as HTMLElement
    if (target.closest?.(TYPED) || event.defaultPrevented || hooks.isBusy()) return
    if (event.ctrlKey || event.metaKey) return
    if (event.altKey ? turned(event.key) : pressed(event, target)) event.preventDefault()
  })

  function turned(key: string): boolean {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false
    hooks.shift(key === 'ArrowLeft' ? -1 : 1)
    return true
  }

  function pressed({ code, key }: KeyboardEvent, target: HTMLElement): boolean {
    const result = RESULTS[Number(/^(?:Digit|Numpad)([1-5])$/.exec(code)?.[1]) - 1]
    if (key === '?' || (code === 'Slash' && key === ',')) hooks.help()
    else if (result) hooks.result(result)
    else if (key === 'ArrowDown' || code === 'KeyJ') hooks.walk(1)
    else if (key === 'ArrowUp' || code === 'KeyK') hooks.walk(-1)
    else if (key === 'Home' || key === 'End') hooks.edge(key === 'End')
    else if (key === 'Escape') hooks.leave()
    else if (code === 'KeyM') hooks.remind()
    else if (code === 'KeyO') hooks.open()
    else if (code === 'KeyG') hooks.group()
    else if (code === 'KeyL') hooks.filter()
    // On any other button Enter means that button.
    else if (key === 'Enter' && !target.closest('a, button:not([data-row])')) hooks.call()
    else return false
    return true
  }
}
