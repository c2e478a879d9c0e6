import { expect, type Page } from '@playwright/test'
import { Caller, enter, test } from './support'

/** Each run makes things of its own, so it may run twice on one clinic. */
const unique = (name: string) => `${name} ${Date.now().toString(36)}`
const drawer = (page: Page) => page.locator('.drawer')
const field = (page: Page, name: string) => drawer(page).getByLabel(new RegExp(`^${name}`))
const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) })

async function save(page: Page, button = 'Сохранить'): Promise<void> {
  await drawer(page).getByRole('button', { name: button, exact: true }).click()
}

async function saved(page: Page, button?: string): Promise<void> {
  await save(page, button)
  await expect(drawer(page)).toHaveCount(0)
}

test('the storekeeper adds a material and corrects it, also when a colleague was faster', async ({
  page,
}) => {
  const name = unique('Карпульная игла')
  await enter(page, 'warehouse', '/warehouse')
  await page.getByRole('button', { name: 'Добавить позицию' }).click()
  await save(page)
  await expect(drawer(page).locator('.field-error')).toBeVisible()
  await field(page, 'Наименование').fill(name)
  await field(page, 'Минимум').fill('12,5')
  await saved(page)

  await page.reload()
  await page.getByRole('searchbox').fill(name)
  await expect(page.locator('tbody tr')).toHaveCount(1)
  await expect(row(page, name)).toContainText('12,5')
  await row(page, name).click()
  await field(page, 'Минимум').fill('20')
  const caller = await Caller.of(page)
  const id = new URL(page.url()).searchParams.get('item')
  await caller.patch(`warehouse/items/${id}`, { version: 1, unit: 'упаковка' })
  await save(page)
  await expect(drawer(page)).toContainText('Ваш ввод остался на экране')
  await saved(page, 'Сохранить моё')
  await expect(row(page, name)).toContainText('20')

  await page.getByRole('button', { name: 'Добавить позицию' }).click()
  await field(page, 'Наименование').fill(name)
  await save(page)
  await expect(drawer(page).locator('.field-error')).toBeVisible()
})

/** From this hour until this hour: 0 means never, null what the clinic had before. */
async function quietHours(owner: Caller, hour: number | null): Promise<void> {
  const { version } = (await owner.get('org/settings')).organization
  const preferences = { quiet_hours_start: hour, quiet_hours_end: hour }
  expect((await owner.patch('org/settings', { version, preferences })).status()).toBe(200)
}

test('the marketer writes a template and the call centre sends it', async ({ browser }) => {
  const name = unique('Приглашение')
  const [owner, marketer, operator] = await Promise.all([
    browser.newPage(),
    browser.newPage(),
    browser.newPage(),
  ])
  await enter(owner, 'owner')
  await quietHours(await Caller.of(owner), 0) // whatever the clock says now
  await enter(marketer, 'marketer', '/messages?tab=templates')
  await marketer.getByRole('button', { name: 'Новый шаблон' }).click()
  await field(marketer, 'Название').fill(name)
  await field(marketer, 'Текст на русском').fill('_ФАМИЛИЯ_ВРАЧА_, ждём вас!')
  await save(marketer)
  await expect(drawer(marketer).locator('.field-error')).toContainText('_ФАМИЛИЯ_ВРАЧА_')
  await field(marketer, 'Текст на русском').fill('_ИМЯ_ПАЦИЕНТА_, ждём вас!')
  await saved(marketer)
  await marketer.reload()
  await expect(row(marketer, name)).toContainText('Имя пациента')

  await enter(operator, 'callcenter', '/messages')
  await operator.getByRole('button', { name: 'Написать пациенту' }).click()
  await expect(drawer(operator).getByRole('button', { name: 'Отправить' })).toBeDisabled()
  await drawer(operator)
    .getByPlaceholder(/Фамилия/)
    .fill('Айд')
  await expect(operator.getByRole('option').first()).toBeVisible()
  await operator.keyboard.press('Enter')
  await drawer(operator).locator('.n-base-selection').click()
  await operator.getByText(name, { exact: true }).click()
  const preview = drawer(operator).locator('.preview .text')
  await expect(preview).toHaveText(/^\S+, ждём вас!$/)
  const text = await preview.innerText()
  await saved(operator, 'Отправить')
  await expect(operator.locator('tbody tr').first()).toContainText(text)
  await expect(operator.locator('tbody tr').first()).toContainText(/Отправлено|Доставлено/)
  await quietHours(await Caller.of(owner), null)
})

test('a service is added, repriced and refused under a code that is taken', async ({ page }) => {
  const [name, code] = [unique('Полировка'), Date.now().toString(36)]
  await enter(page, 'owner', '/services')
  const make = async () => {
    await page.getByRole('button', { name: 'Новая услуга' }).first().click()
    await field(page, 'Код').fill(code)
    await field(page, 'Цена').fill('7500')
    await field(page, 'Название').fill(name)
    await drawer(page).locator('.n-base-selection').click()
    await page.locator('.n-base-select-option').first().click()
    await save(page)
  }
  await make()
  await expect(drawer(page)).toHaveCount(0)

  await page.reload()
  await page.getByRole('searchbox').fill(code)
  await expect(row(page, name)).toContainText('7 500 ₸')
  await row(page, name).click()
  await field(page, 'Цена').fill('8 250,50')
  await saved(page)
  await expect(row(page, name)).toContainText('8 250,50 ₸')

  await make()
  await expect(drawer(page).locator('.field-error')).toBeVisible()
})
