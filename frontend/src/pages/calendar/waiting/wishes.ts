/** When somebody who waits can come. */
export const PARTS = ['morning', 'afternoon', 'evening'] as const
export type Part = (typeof PARTS)[number]

export interface Hours {
  from: string | null
  to: string | null
}

/** The parts of the day and the hours that are set, as the server takes them. */
export function windowsOf(parts: readonly Part[], { from, to }: Hours): string[] {
  return [...parts, ...(from && to && from < to ? [`${from}-${to}`] : [])]
}

export function readWindows(windows: readonly string[]): { parts: Part[]; hours: Hours } {
  const exact = windows.find((one) => /^\d/.test(one))
  const [from = null, to = null] = exact?.split('-') ?? []
  return { parts: PARTS.filter((part) => windows.includes(part)), hours: { from, to } }
}
