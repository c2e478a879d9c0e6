import { expect, type Page, type Route } from '@playwright/test'
import { clickAt, emptyDay, fill, openDay } from './grid'
import { Caller, enter, uniqueName, test } from './support'

const PATIENTS = '**/api/v1/patients'
const save = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Сохранить' })
const surname = (page: Page) => page.getByRole('dialog').getByLabel('Фамилия')

/** The form of a new patient, filled in. */
async function filled(page: Page): Promise<string> {
  const name = uniqueName()
  await enter(page, 'registrar', '/patients?edit=new')
  await surname(page).fill(name)
  await page.getByRole('dialog').getByLabel('Имя').fill('Анна')
  return name
}

const found = async (page: Page, name: string): Promise<number> =>
  (await (await Caller.of(page)).get(`patients?q=${encodeURIComponent(name)}`)).total

test('a double click on save makes one patient', async ({ page }) => {
  const name = await filled(page)
  await save(page).dblclick()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  expect(await found(page, name)).toBe(1)
})

test('an answer that was lost on the way is not a second patient', async ({ page }) => {
  const name = await filled(page)
  const heard: number[] = []
  const lose = async (route: Route) => {
    heard.push((await route.fetch()).status())
    await route.abort('connectionreset')
  }
  await page.route(PATIENTS, lose, { times: 1 })
  await save(page).click()
  await expect(page.getByRole('alert')).toContainText('Нет связи')
  expect(heard).toEqual([201])
  await expect(surname(page)).toHaveValue(name)
  await save(page).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
  expect(await found(page, name)).toBe(1)
})

test('Ctrl+Enter saves what was chosen, not what is only offered', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await clickAt(page, 0, '10:00')
  await fill(page, 'ахм')
  await expect(page.getByRole('combobox', { name: 'Услуги' })).toBeFocused()
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Control+Enter')
  const card = page.locator('[data-column="0"] [data-id]')
  await expect(card).toHaveAttribute('aria-label', /^10:00–10:30/)
})

test('without a network the booking stays in its form, says so, and is saved when the network is back', async ({
  page,
}) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await clickAt(page, 0, '10:00')
  await fill(page, 'ахм')
  const form = page.getByRole('dialog')
  await form.getByLabel('Заметка').fill('Боится уколов')
  await page.context().setOffline(true)
  await page.keyboard.press('Control+Enter')
  await expect(form.getByRole('alert')).toContainText('Нет связи')
  await expect(form.locator('.chosen b')).toContainText(/ахм/i)
  await expect(form.getByLabel('Заметка')).toHaveValue('Боится уколов')
  await page.context().setOffline(false)
  await page.keyboard.press('Control+Enter')
  const card = page.locator('[data-column="0"] [data-id]')
  await expect(card).toHaveCount(1)
  await card.click()
  await expect(page.getByRole('dialog')).toContainText('Боится уколов')
})
