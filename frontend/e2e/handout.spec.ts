import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { book, busyDay, emptyDay, openDay } from './grid'
import { enter, token, test } from './support'

/** A sheet opens in a tab of its own; what the server made is looked at on its way there. */
async function sheetAfter(page: Page, address: RegExp, act: () => Promise<void>): Promise<string> {
  const [answer, tab] = await Promise.all([
    page.waitForResponse(address),
    page.context().waitForEvent('page'),
    act(),
  ])
  expect(answer.headers()['content-type']).toBe('application/pdf')
  expect(answer.headers()['cache-control']).toBe('no-store')
  expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-')
  await tab.close()
  return answer.url()
}

const drawer = (page: Page) => page.locator('.drawer')

/** Whoever ran the journey before may have left an address. */
async function forget(page: Page, path: string): Promise<void> {
  const headers = { Authorization: `Bearer ${await token(page)}` }
  await page.request.delete(`/api/v1/calendar/${path}`, { headers })
  await page.reload()
}

const opened = (page: Page, path: string) => page.request.get(path, { headers: { Cookie: '' } })

test('a patient takes a slip and an entry for his calendar along', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await (await book(page, 0, '10:00')).click()
  const menu = drawer(page).getByRole('button', { name: 'Талон и календарь' })
  for (const [name, language] of [
    ['Талон: Русский', 'ru'],
    ['Талон: Қазақша', 'kk'],
  ]) {
    const url = await sheetAfter(page, /slip\.pdf/, async () => {
      await menu.click()
      await page.getByRole('menuitem', { name }).click()
    })
    expect(url).toContain(`lang=${language}`)
  }
  await menu.click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Файл для календаря (.ics)' }).click(),
  ])
  expect(file.suggestedFilename()).toBe('appointment.ics')
  const entry = await readFile(await file.path(), 'utf8')
  expect(entry).toMatch(/^BEGIN:VCALENDAR\r\n/)
  expect(entry).toContain('STATUS:CONFIRMED')
})

test('the day goes on paper, of the branch and of one doctor', async ({ page }) => {
  await enter(page, 'registrar')
  const day = await busyDay(page)
  await openDay(page, day)
  const whole = await sheetAfter(page, /day\.pdf/, () => page.keyboard.press('p'))
  expect(whole).not.toContain('employee=')
  await page.goto(`/calendar?view=list&date=${day}`)
  const sheet = page.locator('.sheet', { has: page.locator('table') }).first()
  const alone = await sheetAfter(page, /day\.pdf/, () =>
    sheet.getByRole('button', { name: 'Печать дня врача' }).click(),
  )
  expect(alone).toContain('employee=')
})

test('a doctor gives his calendar program an address, and takes it back', async ({ page }) => {
  await enter(page, 'doctor1', '/profile')
  await forget(page, 'feed')
  const feed = page.getByRole('group', { name: 'Личный календарь' })
  const box = feed.getByRole('textbox')
  await expect(feed).toContainText('Адреса пока нет.')
  await feed.getByRole('button', { name: 'Создать адрес' }).click()
  const first = await box.inputValue()
  const calendar = await (await opened(page, first)).text()
  expect(calendar).toContain('SUMMARY:Занято')
  expect(new Set(calendar.match(/^SUMMARY:.*$/gm)?.map((line) => line.trim()))).toEqual(
    new Set(['SUMMARY:Занято']),
  )

  await feed.getByRole('button', { name: 'Создать новый' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Создать новый' }).click()
  await expect(box).not.toHaveValue(first)
  const second = await box.inputValue()
  expect((await opened(page, first)).status()).toBe(404)
  expect((await opened(page, second)).status()).toBe(200)

  await page.reload()
  await expect(feed).toContainText('Он показан один раз')
  await expect(box).toHaveCount(0)
  await feed.getByRole('button', { name: 'Отозвать' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Отозвать' }).click()
  await expect(feed).toContainText('Адреса пока нет.')
  expect((await opened(page, second)).status()).toBe(404)
})

test('the owner makes an address for an employee', async ({ page }) => {
  await enter(page, 'owner', '/staff')
  await page.locator('tbody tr:not([aria-hidden])').first().click()
  await expect(page).toHaveURL(/employee=/)
  await forget(page, `employees/${new URL(page.url()).searchParams.get('employee')}/feed`)
  const feed = drawer(page).getByRole('group', { name: 'Личный календарь' })
  await feed.getByRole('button', { name: 'Создать адрес' }).click()
  const address = await feed.getByRole('textbox').inputValue()
  expect((await opened(page, address)).status()).toBe(200)
  await feed.getByRole('button', { name: 'Отозвать' }).click()
  await page.locator('dialog').getByRole('button', { name: 'Отозвать' }).click()
  await expect(feed).toContainText('Адреса пока нет.')
})
