/** A card that is held over something with `data-turn`: after a while the page turns under it. */

/** How long a card is held over a day until the page turns. */
const HELD = 450

export function useHold(turn: (to: string) => void) {
  let held: { element: Element; timer: ReturnType<typeof setTimeout> } | null = null

  function over({ clientX, clientY }: PointerEvent): void {
    const element = document.elementFromPoint(clientX, clientY)?.closest('[data-turn]') ?? null
    if (element === (held?.element ?? null)) return
    letGo()
    if (!element) return
    const again = () => {
      turn((element as HTMLElement).dataset.turn!)
      if (held) held.timer = setTimeout(again, HELD * 2)
    }
    held = { element, timer: setTimeout(again, HELD) }
  }

  function letGo(): void {
    if (held) clearTimeout(held.timer)
    held = null
  }

  return { over, letGo, isOver: () => held !== null }
}
