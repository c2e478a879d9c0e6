/** Before leaving: save what can be saved, and ask only when something would be lost. */
import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { useConfirm } from '@/components/useConfirm'

export function useLeaving(id: string, dirty: () => boolean, flush: () => Promise<void>): void {
  const { t } = useI18n()
  const confirm = useConfirm()
  const stop = useRouter().beforeEach(async (to) => {
    if (to.name === 'visits-visit' && to.params.id === id) return true
    if (dirty()) await flush()
    if (!dirty()) return true
    const answer = await confirm({
      title: t('visits.leave_title'),
      text: t('visits.leave_text'),
      yes: t('form.leave'),
      no: t('form.stay'),
      danger: true,
    })
    return answer !== null
  })
  onBeforeUnmount(stop)
  useEventListener(window, 'beforeunload', (event) => {
    if (!dirty()) return
    void flush()
    event.preventDefault()
  })
}
