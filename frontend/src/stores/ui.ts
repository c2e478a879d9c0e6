import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { isLanguage, type Language, showLanguage } from '@/i18n'
import type { Theme } from '@/api/types'

const KEY = 'clinic.ui'

interface Kept {
  branch: string | null
  theme: Theme
  language: Language
  railFolded: boolean
}

/** What this browser remembers between visits: nothing about any person. */
export const useUi = defineStore('ui', () => {
  const kept = read()
  const branch = ref(kept.branch)
  const theme = ref(kept.theme)
  const language = ref(kept.language)
  const railFolded = ref(kept.railFolded)

  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = ref(system.matches)
  system.addEventListener('change', (event) => (systemDark.value = event.matches))
  const shade = computed<'light' | 'dark'>(() => {
    if (theme.value === 'system') return systemDark.value ? 'dark' : 'light'
    return theme.value
  })

  watch(shade, (now) => (document.documentElement.dataset.theme = now), { immediate: true })
  watch([branch, theme, language, railFolded], () => {
    write({
      branch: branch.value,
      theme: theme.value,
      language: language.value,
      railFolded: railFolded.value,
    })
  })

  async function setLanguage(next: string): Promise<void> {
    if (!isLanguage(next)) return
    await showLanguage(next)
    language.value = next
  }

  function setTheme(next: string): void {
    if (next === 'light' || next === 'dark' || next === 'system') theme.value = next
  }

  return { branch, theme, language, railFolded, shade, setLanguage, setTheme }
})

function read(): Kept {
  const kept: Kept = { branch: null, theme: 'system', language: 'ru', railFolded: false }
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>
    if (typeof stored.branch === 'string') kept.branch = stored.branch
    if (stored.theme === 'light' || stored.theme === 'dark') kept.theme = stored.theme
    if (isLanguage(stored.language)) kept.language = stored.language
    kept.railFolded = stored.railFolded === true
  } catch {
    // A broken or forbidden store only means that nothing is remembered.
  }
  return kept
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // Private windows may refuse; the choice then lasts until the page is closed.
  }
}
