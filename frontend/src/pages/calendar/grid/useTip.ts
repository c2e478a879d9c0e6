/** A tooltip for whichever card the pointer rests on; one listener for all of them. */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, type Ref, shallowRef } from 'vue'

const REST = 400

export function useTip(area: Readonly<Ref<HTMLElement | null>>, quiet: () => boolean) {
  const tip = shallowRef<{ id: string; rect: DOMRect } | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let over: HTMLElement | null = null

  function enter(event: PointerEvent): void {
    if (event.pointerType === 'touch') return
    const card = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')
    if (card === over) return
    hide()
    over = card
    if (!card || event.buttons || quiet()) return
    timer = setTimeout(() => {
      if (card.isConnected && !quiet()) {
        tip.value = { id: card.dataset.id!, rect: card.getBoundingClientRect() }
      }
    }, REST)
  }

  function hide(): void {
    clearTimeout(timer)
    over = null
    if (tip.value) tip.value = null
  }

  useEventListener(area, 'pointerover', enter)
  useEventListener(area, ['pointerleave', 'pointerdown'], hide)
  useEventListener(area, 'keydown', hide)
  onScopeDispose(hide)

  return { tip, hide }
}
