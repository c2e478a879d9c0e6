/** Keys of the whole page; those of the grid are its own. Listed for people in tools/CalendarKeys.vue. */
import { useEventListener } from '@vueuse/core'
import { type By, COLUMNS, type View, VIEWS } from './look'
import type { PinKind } from './pinboard/usePinboard'

interface Hooks {
  /** A form is open: its keys go first. */
  isBusy: () => boolean
  mayWrite: () => boolean
  shift: (by: number) => void
  now: () => void
  book: () => void
  pause: () => void
  firstFree: () => void
  gaps: () => void
  view: (view: View) => void
  columns: (by: By) => void
  by: () => By
  zoom: (by: number) => void
  filter: () => void
  print: () => void
  waiting: () => void
  help: () => void
  /** These two tell whether there was anything to do. */
  pin: (kind: PinKind) => boolean
  paste: () => boolean
  rebook: () => boolean
}

const TYPED = 'input, textarea, select, [contenteditable="true"], dialog, [role="menu"]'

export function usePageKeys(hooks: Hooks): void {
  useEventListener(window, 'keydown', (event) => {
    if ((event.target as HTMLElement).closest?.(TYPED) || event.defaultPrevented || hooks.isBusy()) return
    if (press(event)) event.preventDefault()
  })

  /** Whether the key was ours. */
  function press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return withControl(event)
    if (event.altKey) return withAlt(event)
    return alone(event) || (hooks.mayWrite() && writing(event))
  }

  function withControl({ code }: KeyboardEvent): boolean {
    if (!hooks.mayWrite() || getSelection()?.toString()) return false
    if (code === 'KeyX') return hooks.pin('cut')
    if (code === 'KeyC') return hooks.pin('copy')
    return code === 'KeyV' && hooks.paste()
  }

  function withAlt({ key }: KeyboardEvent): boolean {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false
    hooks.shift(key === 'ArrowLeft' ? -1 : 1)
    return true
  }

  function alone({ code, key }: KeyboardEvent): boolean {
    const view = VIEWS[Number(/^Digit([1-4])$/.exec(code)?.[1]) - 1]
    if (key === '?' || (code === 'Slash' && key === ',')) hooks.help()
    else if (key === '+' || key === '=') hooks.zoom(1)
    else if (key === '-') hooks.zoom(-1)
    else if (view) hooks.view(view)
    else if (code === 'KeyT') hooks.now()
    else if (code === 'KeyW') hooks.waiting()
    else if (code === 'KeyL') hooks.filter()
    else if (code === 'KeyP') hooks.print()
    else if (code === 'KeyG') hooks.columns(COLUMNS[(COLUMNS.indexOf(hooks.by()) + 1) % COLUMNS.length]!)
    else return false
    return true
  }

  function writing({ code }: KeyboardEvent): boolean {
    if (code === 'KeyN') hooks.book()
    else if (code === 'KeyB') hooks.pause()
    else if (code === 'KeyF') hooks.firstFree()
    else if (code === 'KeyU') hooks.gaps()
    else if (code === 'KeyR') return hooks.rebook()
    else return false
    return true
  }
}
