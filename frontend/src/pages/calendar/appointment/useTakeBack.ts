/** From the toast: what was done to a series from one of its appointments on, back in one step or not at all. */
import { useQueryCache } from '@pinia/colada'
import { useI18n } from 'vue-i18n'
import { type BackInRequest, seriesUndo } from '@/api/generated'
import { asApiError } from '@/api/errors'
import { refreshOn } from '@/api/realtime'
import { useToast } from '@/components/useToast'

export function useTakeBack() {
  const { t } = useI18n()
  const toast = useToast()
  const cache = useQueryCache()

  return async function takeBack(series: string, items: BackInRequest[]): Promise<void> {
    try {
      await seriesUndo({ path: { id: series }, body: { items } })
      toast.good(t('calendar.series.back', { n: items.length }, items.length))
    } catch (error) {
      const { code, message } = asApiError(error)
      toast.bad(code === 'stale' || code === 'series_conflicts' ? t(`calendar.series.${code}`) : message)
    }
    void refreshOn(cache, ['appointments', 'visits', 'waiting'])
  }
}
