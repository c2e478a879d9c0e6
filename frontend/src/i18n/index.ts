import { createI18n } from 'vue-i18n'
import type { Words } from './gather'

export const LANGUAGES = ['ru', 'kk', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const LANGUAGE_NAMES: Record<Language, string> = { ru: 'Русский', kk: 'Қазақша', en: 'English' }

/** 1 запись, 2 записи, 5 записей. */
export function russianPlural(count: number, forms: number): number {
  const last = count % 10
  const teen = count % 100 >= 11 && count % 100 <= 14
  if (!teen && last === 1) return 0
  if (!teen && last >= 2 && last <= 4) return Math.min(1, forms - 1)
  return Math.min(2, forms - 1)
}

export const i18n = createI18n({
  legacy: false,
  locale: 'ru',
  fallbackLocale: 'ru',
  pluralRules: { ru: russianPlural },
  messages: {} as Record<string, Words>,
})

const sources: Record<Language, () => Promise<{ default: Words }>> = {
  ru: () => import('./messages/ru'),
  kk: () => import('./messages/kk'),
  en: () => import('./messages/en'),
}

/** Words of a language are fetched once, when somebody first asks for it. */
export async function showLanguage(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    i18n.global.setLocaleMessage(language, (await sources[language]()).default)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language)
}

/** For the few places outside components. */
export const t = (key: string, named: Record<string, unknown> = {}): string => i18n.global.t(key, named)
