import { expect, type Locator, type Page } from '@playwright/test'
import { clickAt, emptyDay, fill, openDay, toast } from './grid'
import { Caller, enter, record, test } from './support'
import { overflow, Watch } from './watch'
import { bareKeys, foreign, isKazakh, textOf } from './words'

type Language = 'kk' | 'en'

const speak = async (page: Page, language: Language | 'ru') =>
  expect((await (await Caller.of(page)).patch('auth/me', { language })).ok()).toBe(true)

// The language is the person's and stays: who comes after finds Russian again.
test.afterEach(({ page }) => speak(page, 'ru'))

/** What stands behind the rail: cards, drawers, forms and tabs, of records that are really there. */
async function inside(page: Page): Promise<string[]> {
  const { patient, visit, appointment, invoice } = await record(await Caller.of(page))
  return [
    `/patients/${patient}`,
    '/patients?edit=new',
    `/visits/${visit}`,
    `/calendar?appointment=${appointment}`,
    '/calendar?book=new',
    `/cash?invoice=${invoice}`,
    '/cash?tab=payments',
    '/confirm?show=all',
    '/dashboard?tab=reports',
    '/staff?tab=rota',
    '/staff?tab=shifts',
    '/staff?tab=names',
    '/messages?tab=templates',
    '/services?service=new',
    '/warehouse?item=new',
    '/settings/branches',
    '/settings/rooms',
    '/settings/special-days?year=2027',
    '/settings/users',
    '/settings/preferences',
    '/profile',
    '/nowhere',
  ]
}

/** What is wrong with the page as it stands; nothing, when it is right. */
async function faults(page: Page, watch: Watch, language: Language): Promise<object> {
  await watch.settled()
  const text = await textOf(page)
  const found = {
    foreign: foreign(text, language, (await Promise.all(watch.told)).join(' ')),
    untranslated: bareKeys(text),
    kazakh: isKazakh(text) || language !== 'kk',
    wider: await overflow(page),
  }
  const right = { foreign: [], untranslated: [], kazakh: true, wider: 0 }
  return JSON.stringify(found) === JSON.stringify(right) ? {} : { [page.url()]: found }
}

/** Opens every page of the rail and everything behind it. */
async function walk(page: Page, language: Language, rail: (one: Locator) => Promise<void>): Promise<void> {
  test.setTimeout(120_000)
  const watch = new Watch(page)
  await enter(page, 'owner')
  await speak(page, language)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  const found: object[] = []
  for (const one of await page.locator('nav.rail a.page-link').all()) {
    await rail(one)
    await expect(one).toHaveAttribute('aria-current', 'page')
    found.push(await faults(page, watch, language))
  }
  for (const address of await inside(page)) {
    watch.told.length = 0
    await page.goto(address)
    found.push(await faults(page, watch, language))
  }
  expect(Object.assign({}, ...found)).toEqual({})
  expect(watch.complaints).toEqual([])
}

test('every page speaks Kazakh', ({ page }) => walk(page, 'kk', (one) => one.click()))

test('every page speaks English', ({ page }) => walk(page, 'en', (one) => one.click()))

test.describe('on a phone in the dark', () => {
  test.use({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' })

  test('every page speaks Kazakh and fits', async ({ page }) => {
    await walk(page, 'kk', async (one) => {
      if (await one.isVisible()) return one.click()
      const name = (await one.getAttribute('aria-label'))!
      await page.getByRole('button', { name: 'Тағы', exact: true }).click()
      await page.getByRole('menuitem', { name, exact: true }).click()
    })
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  })
})

test('Kazakh is chosen in the frame, stays after a reload, and books a patient', async ({ page }) => {
  await enter(page, 'callcenter', '/calendar')
  await page.getByRole('button', { name: /^Язык/ }).click()
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH')
  await page.getByRole('menuitemradio', { name: 'Қазақша' }).click()
  await expect(page.locator('nav.rail')).toContainText('Күнтізбе')
  await expect(page).toHaveTitle(/^Күнтізбе/)
  expect((await kept).ok()).toBe(true)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'kk')
  await expect(page.locator('nav.rail')).toContainText('Пациенттер')

  await openDay(page, await emptyDay(page))
  await clickAt(page, 0, '10:00')
  await fill(page, 'ахм')
  await expect(page.getByRole('dialog')).toContainText('Жаңа жазба')
  await page.keyboard.press('Control+Enter')
  await expect(toast(page, 'Жазылды')).toBeVisible()
  await page.locator('[data-column="0"] [data-id]').click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText('10:00')
  await drawer.getByRole('button', { name: 'Растау' }).click()
  await expect(page.locator('[data-column="0"] [data-id]')).toHaveAttribute('aria-label', /Расталды/)
})
