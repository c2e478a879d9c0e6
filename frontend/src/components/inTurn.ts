let last: Promise<unknown> = Promise.resolve()

/**
 * One change of the address after the other. Vue Router gives up a navigation that is still under way when the next one
 * begins, and with it what it wanted: a filter that is being set would be lost to a drawer that opens.
 */
export function inTurn(go: () => Promise<unknown> | undefined): void {
  last = last.then(go, go)
}
