import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'

/**
 * What a page says in a language. Every Cyrillic word on it must be a word of that language or have come from the
 * server (names, services): anything else was written in the code or left in Russian.
 */
const source = new URL('../src/', import.meta.url).pathname
const WORD = /[а-яёәғқңөұүһі]{3,}/giu
const KAZAKH = /[әғқңөұүһі]/iu
/** Languages are named in themselves, and some months have no letter that Russian lacks. */
const EVERYWHERE = ['русский', 'рус', 'қазақша', 'қаз']
const MONTHS = (['long', 'short'] as const).flatMap((month) =>
  Array.from({ length: 12 }, (_, index) =>
    new Date(2027, index, 1).toLocaleDateString('kk', { month }).replace('.', '').toLowerCase(),
  ),
)

type Tree = { [key: string]: string | Tree }

function file(language: string): Tree {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Tree
  const common = `${source}i18n/locales/${language}.json`
  const pages = readdirSync(`${source}pages`).map((page) => [
    page,
    read(`${source}pages/${page}/locales/${language}.json`),
  ])
  return { ...read(common), ...(Object.fromEntries(pages) as Tree) }
}

const wordsOf = (text: string): string[] => (text.match(WORD) ?? []).map((word) => word.toLowerCase())

/** All that can be read on the page or is read aloud from it. */
export const textOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const told = ['aria-label', 'title', 'placeholder'].flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)!),
    )
    return [document.title, ...document.body.innerText.split('\n'), ...told]
  })

/** The lines with a word that is neither of this language nor of the server. */
export function foreign(text: string[], language: 'kk' | 'en', told: string): string[] {
  const known = new Set([
    ...EVERYWHERE,
    ...MONTHS,
    ...wordsOf(JSON.stringify(file(language))),
    ...wordsOf(told),
  ])
  const ours = (word: string) => known.has(word) || (language === 'kk' && KAZAKH.test(word))
  return text.filter((line) => !wordsOf(line).every(ours))
}

export const isKazakh = (text: string[]): boolean => text.some((line) => KAZAKH.test(line))

/** Keys that stand where their words should be: `calendar.title`, and also those that nobody has translated. */
export function bareKeys(text: string[]): string[] {
  const roots = Object.keys(file('ru'))
  const looksSo = (word: string) => /^[a-z_]+(\.\w+)+$/.test(word) && roots.includes(word.split('.')[0]!)
  return text.flatMap((line) => line.split(/\s/)).filter(looksSo)
}
