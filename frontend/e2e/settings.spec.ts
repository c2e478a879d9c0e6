import { expect, type Page } from '@playwright/test'
import { accessible } from './readers'
import { desk, enter, test } from './support'

const stamp = () => String(Date.now() % 1_000_000)
const drawer = (page: Page) => page.locator('.drawer')
const field = (page: Page, label: string) => page.getByLabel(label).first()

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Сохранить' }).last().click()
}

test('the owner changes a requisite, a bad BIN is refused at its field', async ({ page }) => {
  await enter(page, 'owner', '/settings')
  await expect(page.locator('main h1')).toBeVisible()
  await accessible(page)
  const director = `Ахметов ${stamp()}`
  for (const name of ['Серикова', director]) {
    await field(page, 'Руководитель').fill(name)
    await save(page)
    await expect(page.getByRole('button', { name: 'Отмена' })).toHaveCount(0)
  }
  await page.reload()
  await expect(field(page, 'Руководитель')).toHaveValue(director)

  await field(page, 'БИН').fill('123456789012')
  await save(page)
  await expect(page.locator('.form-field', { hasText: 'БИН' }).getByRole('alert')).toBeVisible()

  await page.getByRole('link', { name: 'Филиалы' }).click()
  await page.getByRole('button', { name: 'Продолжить ввод' }).click()
  await expect(field(page, 'БИН')).toHaveValue('123456789012')
})

test('what a colleague changed meanwhile is told, and stays', async ({ page, browser }) => {
  const theirs = await desk(browser, 'admin')
  await enter(page, 'owner', '/settings')
  await theirs.goto('/settings')
  const [licence, bank] = [`ГЛ ${stamp()}`, `Банк ${stamp()}`]
  await field(page, 'Лицензия').fill(licence)
  await field(theirs, 'Банк').fill(bank)
  await save(theirs)
  await expect(theirs.getByText('Реквизиты сохранены')).toBeVisible()

  await save(page)
  await expect(page.getByText('Тем временем это изменил')).toBeVisible()
  await page.getByRole('button', { name: 'Сохранить моё' }).click()
  await expect(field(page, 'Банк')).toHaveValue(bank)
  await theirs.reload()
  await expect(field(theirs, 'Лицензия')).toHaveValue(licence)
})

test('the owner makes a room and a chair in it', async ({ page }) => {
  await enter(page, 'owner', '/settings/rooms')
  const room = `Кабинет ${stamp()}`
  await page.getByRole('button', { name: 'Добавить кабинет' }).click()
  await field(page, 'Название').fill(room)
  await save(page)
  await expect(drawer(page)).toHaveCount(0)
  const card = page.getByRole('region', { name: room })
  await card.getByRole('button', { name: 'Добавить кресло' }).click()
  await field(page, 'Название').fill('Кресло у окна')
  await save(page)
  await expect(card.getByRole('button', { name: 'Кресло у окна' })).toBeVisible()
  await accessible(page)
})

test('a new person gets a link once and finds exactly the menu of the role', async ({ page, browser }) => {
  await enter(page, 'owner', '/settings/users')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await accessible(page)
  const name = `sklad-${stamp()}`
  await page.getByRole('button', { name: 'Добавить пользователя' }).click()
  await accessible(page)
  await drawer(page).getByLabel('Фамилия').fill('Сейтова')
  await drawer(page).getByLabel('Имя').fill('Дана')
  await drawer(page).getByLabel('Логин').fill(name)
  await drawer(page).locator('.n-base-selection').first().click()
  await page.locator('.n-base-select-option', { hasText: 'Кладовщик' }).click()
  await save(page)

  const link = await page.getByRole('textbox', { name: 'Ссылка для входа' }).inputValue()
  expect(link).toContain('/activate#token=')
  await accessible(page)
  await page.getByRole('button', { name: 'Готово' }).click()
  await expect(drawer(page)).toHaveCount(0)

  const context = await browser.newContext()
  const theirs = await context.newPage()
  await theirs.goto(link)
  const password = 'сирень под окном 47'
  await theirs.getByLabel('Пароль', { exact: true }).fill(password)
  await theirs.getByLabel('Пароль ещё раз').fill(password)
  await theirs.getByRole('button', { name: 'Сохранить' }).click()
  await theirs.locator('input[autocomplete="username"]').fill(name)
  await theirs.locator('input[autocomplete="current-password"]').fill(password)
  await theirs.keyboard.press('Enter')
  await expect(theirs.locator('nav.rail a.page-link')).toHaveText(['Склад', 'Сотрудники', 'Услуги'])

  await page.reload()
  await page.getByRole('searchbox').fill(name)
  await page.getByRole('row', { name }).click()
  await expect(drawer(page)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Ссылка для входа' })).toHaveCount(0)
  await drawer(page).getByRole('switch').click()
  await save(page)
  await expect(page.getByRole('row', { name: `Сейтова Дана Отключён ${name}` })).toBeVisible()
  await theirs.reload()
  await expect(theirs.locator('input[autocomplete="username"]')).toBeVisible()
})

test('a branch is set apart from the network and follows it again', async ({ page }) => {
  await enter(page, 'owner', '/settings/preferences')
  await page.locator('.pick').click()
  await page.locator('.n-base-select-option', { hasText: 'Достык' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'Не писать пациентам с' })
  await row.getByRole('textbox').fill('21')
  await row.getByRole('textbox').blur()
  await expect(row).toContainText('Задано для филиала')
  await row.getByRole('button', { name: 'Вернуть значение уровня выше' }).click()
  await expect(row).toContainText('Обычное значение')
  await accessible(page)
})

test('a registrar has no settings', async ({ browser }) => {
  const page = await desk(browser, 'registrar')
  await expect(page.locator('nav.rail')).not.toContainText('Настройки')
  await page.goto('/settings')
  await expect(page.locator('#content')).toContainText('Для этого раздела не хватает прав')
})
