import { expect, type Page } from '@playwright/test'
import { accessible } from './readers'
import { Caller, enter, test } from './support'

const drawer = (page: Page) => page.locator('.drawer')
const sum = (page: Page) => drawer(page).locator('[data-sum]')
const digits = (text: string) => Number(text.replace(/[^\d,]/g, '').replace(',', '.'))

interface Rows {
  items: { kind: string; amount: string }[]
  next: number | null
}

/** What the payments of a day come to when each row is added by hand. */
async function added(caller: Caller, day: string): Promise<number> {
  let [total, next]: [number, number | null] = [0, 1]
  while (next) {
    const rows: Rows = await caller.get(`reports/revenue/rows?from=${day}&to=${day}&size=200&page=${next}`)
    for (const row of rows.items) {
      total += Math.round(Number(row.amount) * 100) * (row.kind === 'refund' ? -1 : 1)
    }
    next = rows.next
  }
  return total / 100
}

const ago = (days: number) => new Date(Date.now() - days * 86_400_000)
const written = (day: Date) => day.toISOString().slice(0, 10)

/** The last day that is over and brought something: no Sunday, and no holiday. */
async function lastWorkday(caller: Caller): Promise<string> {
  for (let back = 1; back < 14; back++) {
    const day = written(ago(back))
    const { totals } = await caller.get(`reports/revenue?from=${day}&to=${day}`)
    if (Number(totals.revenue) > 0) return day
  }
  throw new Error('No day brought anything')
}

test("the owner's figures are the sums of the rows behind them", async ({ page }) => {
  await enter(page, 'owner')
  const caller = await Caller.of(page)
  const day = await lastWorkday(caller)
  await page.goto(`/dashboard?date=${day}`)
  const tiles = page.locator('[data-tile]')
  await expect(tiles).toHaveCount(8)
  await expect(page.locator('[data-tile="revenue"] .value')).toContainText('₸')

  for (const tile of await tiles.all()) {
    const value = await tile.locator('.value').innerText()
    await tile.getByRole('button').click()
    await expect(sum(page)).toHaveText(value)
    await page.keyboard.press('Escape')
    await expect(drawer(page)).toHaveCount(0)
  }
  const revenue = digits(await page.locator('[data-tile="revenue"] .value').innerText())
  expect(revenue).toBeGreaterThan(0)
  expect(await added(caller, day)).toBe(revenue)

  // The figure of a branch, a stage and an hour have their rows too; the address brings them back.
  const stage = page.locator('[data-stage="arrived"]')
  await stage.click()
  await expect(sum(page)).toHaveText(await stage.locator('b').innerText())
  await page.reload()
  await expect(sum(page)).toHaveText(await stage.locator('b').innerText())
  await page.keyboard.press('Escape')
  const hour = page.locator('button.cell').first()
  await hour.click()
  await expect(sum(page)).toHaveText(await hour.innerText())
  await page.keyboard.press('Escape')
  await page.locator(`[data-key="${day}"]`).click()
  await expect(sum(page)).toHaveText(await page.locator('[data-tile="revenue"] .value').innerText())
  await page.keyboard.press('Escape')

  await accessible(page)
})

test('the totals of a period are the sum of its days, for the accountant too', async ({ page }) => {
  await enter(page, 'accountant', `/dashboard?from=${written(ago(35))}&to=${written(ago(5))}`)
  const total = page.locator('tfoot button').nth(3)
  const value = await total.innerText()
  const days = await page.locator('tbody tr td:nth-child(6)').allInnerTexts()
  expect(days.map(digits).reduce((a, b) => a + b, 0)).toBeCloseTo(digits(value), 2)
  await total.click()
  await expect(sum(page)).toHaveText(value)
  await accessible(page)
})

test('a shift is added, stays after a reload, and an overlapping one is refused at its field', async ({
  page,
}) => {
  const monday = ago(-200)
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7))
  await enter(page, 'owner', `/staff?tab=shifts&week=${written(monday)}`)
  const sunday = page.locator('tbody tr').first().locator('[data-cell]').nth(6)
  const add = sunday.getByRole('button', { name: 'Добавить смену' })
  await expect(sunday.locator('.shift')).toHaveCount(0)

  async function fill(starts: string, ends: string): Promise<void> {
    await add.click()
    await drawer(page).getByLabel('Начало').fill(starts)
    await drawer(page).getByLabel('Конец').fill(ends)
    const begins = await drawer(page).getByLabel('Действует с').inputValue()
    await drawer(page).getByLabel('Действует по').fill(begins)
    await page.keyboard.press('Control+Enter')
  }

  await fill('10', '14:30')
  await expect(drawer(page)).toHaveCount(0)
  await expect(sunday.locator('.shift')).toContainText('10:00–14:30')
  await page.reload()
  await expect(sunday.locator('.shift')).toContainText('10:00–14:30')

  await fill('14', '18')
  const starts = drawer(page).locator('.form-field', { hasText: 'Начало' })
  await expect(starts.locator('.field-error')).toBeVisible()
  await drawer(page).getByLabel('Начало').fill('14:30')
  await page.keyboard.press('Control+Enter')
  await expect(drawer(page)).toHaveCount(0)
  await expect(sunday.locator('.shift')).toHaveCount(2)

  await accessible(page)

  for (const left of [1, 0]) {
    await sunday.locator('.shift').first().click()
    await drawer(page).getByRole('button', { name: 'Удалить' }).click()
    await page.locator('dialog').getByRole('button', { name: 'Удалить' }).click()
    await expect(sunday.locator('.shift')).toHaveCount(left)
  }

  for (const tab of ['people', 'names']) {
    await page.goto(`/staff?tab=${tab}`)
    await expect(page.getByText('Врач-стоматолог').first()).toBeVisible()
    await accessible(page)
  }
  await page.goto('/dashboard?tab=reports&report=visits')
  await expect(page.locator('tfoot')).toBeVisible()
  await accessible(page)
})
