import { expect, type Page } from '@playwright/test'
import { accessible } from './readers'
import { Caller, desk, enter, test } from './support'

interface Day {
  date: string
  spans: { starts: string; ends: string; source: string }[]
}
interface Rota {
  branch_id: string
  employees: { employee_id: string; name: string; days: Day[] }[]
}

/** A month so far ahead that nobody else's journey books in it. */
const MONTH = (() => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 8, 1)).toISOString().slice(0, 7)
})()
const day = (number: number) => `${MONTH}-${String(number).padStart(2, '0')}`

async function rota(api: Caller): Promise<Rota> {
  const { items } = (await api.get('org/branches')) as { items: { id: string }[] }
  return (await api.get(`calendar/rota?branch=${items[0]!.id}&from=${day(1)}&to=${day(28)}`)) as Rota
}

const hours = (found: Rota, date: string): string[] =>
  found.employees[0]!.days.filter((one) => one.date === date).flatMap((one) =>
    one.spans.map(({ starts, ends, source }) => `${starts}–${ends} ${source}`),
  )

async function open(page: Page): Promise<Caller> {
  await enter(page, 'owner', `/staff?tab=rota&month=${day(1)}`)
  await expect(page.getByRole('grid')).toHaveAttribute('aria-busy', 'false')
  return Caller.of(page)
}

test('a week of the rota is painted with the keyboard, taken back, and drawn with the mouse', async ({
  page,
}) => {
  const api = await open(page)
  const before = await rota(api)
  const cell = (column: number) => page.locator(`[data-line="0"][data-column="${column}"]`)

  await cell(8).focus()
  await cell(8).click()
  for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowRight')
  await expect(page.locator('td[aria-selected="true"]')).toHaveCount(3)
  await accessible(page, { serious: true })
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('1030')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('1615')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('График изменён')).toBeVisible()
  await expect(cell(10)).toHaveAttribute('aria-label', /10:30–16:15; изменено на дату/)
  expect(hours(await rota(api), day(9))).toEqual(['10:30–16:15 rota_day'])

  await page.getByRole('button', { name: 'Вернуть', exact: true }).click()
  await expect(cell(9)).not.toHaveAttribute('aria-label', /изменено/)
  expect(hours(await rota(api), day(9))).toEqual(hours(before, day(9)))

  await cell(14).hover()
  await page.mouse.down()
  await cell(16).hover()
  await page.mouse.up()
  await page.getByRole('button', { name: 'Выходной' }).click()
  await expect(cell(16)).toHaveAttribute('aria-label', /выходной/)
  expect(hours(await rota(api), day(16))).toEqual([])
  await page.getByRole('button', { name: 'Как в сменах недели' }).click()
  await expect(cell(16)).not.toHaveAttribute('aria-label', /выходной/)
  expect(hours(await rota(api), day(16))).toEqual(hours(before, day(16)))
})

test('days that are repeated over the month are taken back in one step', async ({ page }) => {
  const api = await open(page)
  const before = await rota(api)
  const cell = (column: number) => page.locator(`[data-line="0"][data-column="${column}"]`)
  const off = () => page.locator('[data-line="0"][aria-label*="выходной"]').count()
  const had = await off()
  await cell(10).click()
  await page.getByRole('button', { name: 'Выходной' }).click()
  await expect(cell(10)).toHaveAttribute('aria-label', /выходной/)

  await page.getByRole('button', { name: 'Повторить дни' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Повторить' }).click()
  const told = page.locator('.toast', { hasText: 'График повторён' })
  await expect(told).toBeVisible()
  await expect(cell(12)).toHaveAttribute('aria-label', /выходной/)
  expect(await off()).toBeGreaterThan(had + 5)
  await told.getByRole('button', { name: 'Вернуть' }).click()
  await expect(cell(12)).not.toHaveAttribute('aria-label', /выходной/)
  await page.getByRole('button', { name: 'Как в сменах недели' }).click()
  await expect(cell(10)).not.toHaveAttribute('aria-label', /выходной/)
  expect((await rota(api)).employees[0]).toEqual(before.employees[0])
})

test('leave takes the hours away until it is taken back', async ({ page }) => {
  const api = await open(page)
  const before = await rota(api)
  const cell = page.locator('[data-line="0"][data-column="20"]')

  await cell.click()
  await page.getByRole('button', { name: 'Отпуск, больничный' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(cell).toHaveAttribute('aria-label', /Отпуск/)
  expect(hours(await rota(api), day(21))).toEqual([])

  await page.getByRole('button', { name: /^Отпуск: / }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click()
  await expect(cell).not.toHaveAttribute('aria-label', /Отпуск/)
  expect(hours(await rota(api), day(21))).toEqual(hours(before, day(21)))
})

test('a blocked day closes the branch, and taking it away opens it again', async ({ page }) => {
  await enter(page, 'owner', `/settings/special-days?year=${MONTH.slice(0, 4)}`)
  const api = await Caller.of(page)
  const { branch_id: branch } = await rota(api)
  const shown = async () =>
    (await api.get(`calendar/day?branch=${branch}&date=${day(28)}`)) as {
      special_day: string
      columns: { shift_minutes: number }[]
    }

  await page.getByRole('button', { name: 'Добавить день' }).click()
  const [year, month] = MONTH.split('-') // the 24th may be the day off for Nauryz already
  await page.getByRole('dialog').getByRole('textbox').first().fill(`28.${month}.${year}`)
  await page.getByRole('dialog').getByRole('textbox').nth(1).fill('Санитарный день')
  await page.keyboard.press('Control+Enter')
  const row = page.getByRole('button', { name: /Санитарный день/ })
  await expect(row).toBeVisible()
  await accessible(page, { serious: true })
  const closed = await shown()
  expect(closed.special_day).toBe('Санитарный день')
  expect(closed.columns.filter((one) => one.shift_minutes)).toEqual([])

  await row.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click()
  await expect(row).toHaveCount(0)
  expect((await shown()).special_day).toBe('')
})

test('what one paints, another sees without asking', async ({ page, browser }) => {
  await open(page)
  const other = await desk(browser, 'registrar')
  await other.goto(`/staff?tab=rota&month=${day(1)}`)
  const label = (who: Page) => who.locator('[data-line="0"][data-column="24"]')
  await expect(label(other)).toBeVisible()
  await expect(other.getByTitle('Обновляется сразу')).toBeVisible()

  await label(page).click()
  await page.getByRole('button', { name: 'Выходной' }).click()
  await expect(label(other)).toHaveAttribute('aria-label', /выходной/)
  await page.getByRole('button', { name: 'Как в сменах недели' }).click()
  await expect(label(other)).not.toHaveAttribute('aria-label', /выходной/)
})

test('a reserve that is changed over the list of rules is changed in the list', async ({ browser }) => {
  const page = await desk(browser, 'manager')
  const caller = await Caller.of(page)
  const [{ id: branch }] = (await caller.get('auth/me')).branches
  const year = new Date().getFullYear() + 1
  const when = {
    weekdays: [1],
    starts: '10:05',
    ends: '10:35',
    valid_from: `${year}-11-02`,
    valid_to: `${year}-11-03`,
  }
  const made = await (await caller.post('calendar/reserves', { branch, kind: 'urgent', ...when })).json()
  await page.goto('/calendar?rules=list')
  await page
    .getByRole('button', { name: /10:05–10:35/ })
    .first()
    .click()
  await page
    .getByRole('dialog', { name: 'Резерв времени' })
    .getByRole('textbox', { name: /^До/ })
    .fill('10:40')
  await page.keyboard.press('Control+Enter')

  await expect(page.getByRole('button', { name: /10:05–10:40/ }).first()).toBeVisible()
  await caller.remove(`calendar/reserves/${made.id}`)
})
