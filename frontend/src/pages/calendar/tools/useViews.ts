/** Views that this person has saved, and what may be done with them. */
import { useQuery, useQueryCache } from '@pinia/colada'
import { type ViewOut, viewsCreate, viewsDestroy, viewsList, viewsPartialUpdate } from '@/api/generated'
import { idempotent } from '@/api/client'
import { refreshOn } from '@/api/realtime'
import type { Look } from '../look'

export function useViews(wanted: () => boolean) {
  const cache = useQueryCache()
  const { data: views } = useQuery(() => ({
    key: [{ _id: 'calendarViews', tags: ['views'] }],
    enabled: wanted(),
    query: async ({ signal }) => (await viewsList({ query: { size: 100 }, signal })).data.items,
  }))
  const read = () => refreshOn(cache, ['views'])
  const change = (view: ViewOut, body: { name?: string; look?: Look; is_default?: boolean }) =>
    viewsPartialUpdate({
      path: { id: view.id },
      body: { version: view.version, ...body, look: body.look && words(body.look) },
    }).then(read)

  return {
    views,
    save: (name: string, look: Look) =>
      viewsCreate({ body: { name, look: words(look) }, headers: idempotent() }).then(read),
    rename: (view: ViewOut, name: string) => change(view, { name }),
    keep: (view: ViewOut, look: Look) => change(view, { look }),
    setDefault: (view: ViewOut, is_default: boolean) => change(view, { is_default }),
    remove: (view: ViewOut) => viewsDestroy({ path: { id: view.id } }).then(read),
  }
}

const words = (look: Look) => ({ ...look }) as Record<string, string>
