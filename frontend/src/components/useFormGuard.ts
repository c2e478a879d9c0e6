import { useEventListener } from '@vueuse/core'
import { useI18n } from 'vue-i18n'
import { useConfirm } from './useConfirm'

/**
 * What every form does with its window: Ctrl+Enter and Ctrl+S save, and the window is not closed over unsaved words.
 * Answers the question to ask before they are lost in any other way.
 */
export function useFormGuard(form: { open: () => boolean; dirty: () => boolean; save: () => unknown }) {
  const { t } = useI18n()
  const confirm = useConfirm()

  useEventListener(window, 'beforeunload', (event) => {
    if (form.open() && form.dirty()) event.preventDefault()
  })
  useEventListener(window, 'keydown', (event) => {
    const saves = (event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.code === 'KeyS')
    if (!form.open() || !saves || document.querySelector('dialog[open]')) return
    event.preventDefault()
    void form.save()
  })

  async function mayLose(): Promise<boolean> {
    const answer = await confirm({
      title: t('form.dirty_title'),
      text: t('form.dirty_text'),
      yes: t('form.leave'),
      no: t('form.stay'),
      danger: true,
    })
    return answer !== null
  }

  return { mayLose }
}
