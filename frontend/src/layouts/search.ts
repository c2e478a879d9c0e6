/**
 * What the search of the top bar asks besides the pages. A domain that can be searched has a file
 * `pages/<domain>/search.ts` whose default export is a provider; it is fetched when the search first opens.
 */
import type { RouteLocationRaw } from 'vue-router'

export interface SearchHit {
  key: string
  title: string
  note?: string
  to: RouteLocationRaw
}

export interface SearchProvider {
  /** Key of the heading over its answers. */
  title: string
  permission?: string
  find: (text: string, signal: AbortSignal) => Promise<SearchHit[]>
}

const files = import.meta.glob<SearchProvider>('../pages/*/search.ts', { import: 'default' })
let loaded: Promise<SearchProvider[]> | undefined

export function searchProviders(): Promise<SearchProvider[]> {
  loaded ??= Promise.all(Object.values(files).map((load) => load()))
  return loaded
}
