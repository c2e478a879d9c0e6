import { expect } from '@playwright/test'
import { book, drag, emptyDay, openDay, point, toast } from './grid'
import { enter, test } from './support'

test('a doctor who is absent: his patients wait, and get another time by a drag', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await book(page, 0, '10:00')
  await page.locator('.column-head').first().hover()
  await page
    .getByRole('button', { name: /Действия с днём врача/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: /Отменить день/ }).click()
  await expect(page.getByText('1 запись перейдёт в лист ожидания')).toBeVisible()
  await page.getByLabel('Причина').fill('Заболел')
  await page.keyboard.press('Control+Enter')
  await expect(toast(page, 'День отменён')).toBeVisible()

  const waiting = page.getByRole('complementary', { name: 'Лист ожидания' })
  const entry = waiting.locator('[data-waiting]', { hasText: 'Ахм' }).last()
  await entry.scrollIntoViewIfNeeded()
  await drag(page, entry, await point(page, 1, '11:00'))
  await expect(page.locator('[data-column="1"] [data-id]')).toHaveAttribute('aria-label', /^11:0/)
})

test('a break of every week stands on the next days, and a room is closed', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await page.getByRole('button', { name: /^Перерывы, резервы/ }).click()
  await page.getByRole('menuitem', { name: 'Правила сетки' }).click()
  await expect(page.getByRole('dialog', { name: 'Правила сетки' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: /^Перерывы, резервы/ }).click()
  await page.getByRole('menuitem', { name: /Новый перерыв/ }).click()
  await page.getByRole('button', { name: 'Кабинет', exact: true }).click()
  await page.locator('select').first().selectOption({ index: 1 })
  await page.getByLabel('Весь день').check()
  await page.getByLabel('Причина').fill('Ремонт')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('[data-pause]', { hasText: 'Ремонт' }).first()).toBeVisible()
  await page.locator('[data-pause]', { hasText: 'Ремонт' }).first().click()
  await page.getByRole('button', { name: 'Убрать перерыв' }).click()
  await expect(page.locator('[data-pause]', { hasText: 'Ремонт' })).toHaveCount(0)
})
