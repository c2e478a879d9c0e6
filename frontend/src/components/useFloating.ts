import { useEventListener } from '@vueuse/core'
import { nextTick, onScopeDispose, shallowReactive, type ShallowRef, watch } from 'vue'

const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]'
// While one of these is open, Escape belongs to it.
const INNER =
  'dialog[open], .n-base-selection--active, .n-date-panel, .n-popover-shared, .n-time-picker-panel'

interface Floating {
  /** Who was opened last lies highest. */
  level: number
}

const stack: Floating[] = []

interface Options {
  open: () => boolean
  modal: () => boolean
  escape: () => void
}

/**
 * Focus goes in when it opens and back when it closes; Esc closes only the topmost; a modal one keeps Tab inside. Answers
 * how high it lies.
 */
export function useFloating(panel: Readonly<ShallowRef<HTMLElement | null>>, options: Options): Floating {
  const me = shallowReactive({ level: 0 })
  let before: HTMLElement | null = null

  function enter(): void {
    before = document.activeElement as HTMLElement | null
    me.level = (stack.at(-1)?.level ?? -1) + 1
    stack.push(me)
    void nextTick(() => {
      const wanted = panel.value?.querySelector<HTMLElement>('[data-autofocus] input, input[data-autofocus]')
      const first = panel.value?.querySelector<HTMLElement>(
        '.drawer-body input:not(:disabled), .drawer-body textarea',
      )
      ;(wanted ?? (options.modal() ? first : null) ?? panel.value)?.focus({ preventScroll: true })
    })
  }

  function leave(): void {
    const index = stack.indexOf(me)
    if (index < 0) return
    stack.splice(index, 1)
    if (before?.isConnected) before.focus({ preventScroll: true })
  }

  watch(options.open, (now) => (now ? enter() : leave()), { immediate: true })
  onScopeDispose(leave)

  useEventListener(window, 'keydown', (event) => {
    if (stack.at(-1) !== me || event.defaultPrevented) return
    if (event.key === 'Escape' && !document.querySelector(INNER)) {
      event.preventDefault()
      options.escape()
    }
    if (event.key === 'Tab' && options.modal()) keepInside(event, panel.value)
  })

  return me
}

function keepInside(event: KeyboardEvent, panel: HTMLElement | null): void {
  if (!panel) return
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((one) => one.offsetParent !== null)
  const first = all[0]
  const last = all.at(-1)
  const here = document.activeElement
  if (event.shiftKey && (here === first || here === panel)) {
    event.preventDefault()
    last?.focus()
  } else if (!event.shiftKey && here === last) {
    event.preventDefault()
    first?.focus()
  }
}
