import {
  dateEnGB,
  dateKkKZ,
  dateRuRU,
  enGB,
  type GlobalTheme,
  kkKZ,
  type NDateLocale,
  type NLocale,
  ruRU,
} from 'naive-ui'
import { computed, shallowRef, watch } from 'vue'
import type { Language } from '@/i18n'
import { naiveTheme } from '@/styles/naive'
import { useUi } from '@/stores/ui'

/** An empty field has a label above it; "Enter" inside it would only be noise. */
const quiet = (locale: NLocale): NLocale => ({ ...locale, Input: { ...locale.Input, placeholder: '' } })

const LOCALES: Record<Language, [NLocale, NDateLocale]> = {
  ru: [quiet(ruRU), dateRuRU],
  kk: [quiet(kkKZ), dateKkKZ],
  en: [quiet(enGB), dateEnGB],
}

/** Theme and words for Naive UI; its dark theme is fetched when somebody first turns off the light. */
export function useNaive() {
  const ui = useUi()
  const dark = shallowRef<GlobalTheme | null>(null)
  watch(
    () => ui.shade,
    async (shade) => {
      if (shade === 'dark' && !dark.value) dark.value = (await import('./naiveDark')).darkTheme
    },
    { immediate: true },
  )
  return {
    theme: computed(() => (ui.shade === 'dark' ? dark.value : null)),
    overrides: computed(() => naiveTheme(ui.shade)),
    locale: computed(() => LOCALES[ui.language][0]),
    dateLocale: computed(() => LOCALES[ui.language][1]),
  }
}
