import { expect } from '@playwright/test'
import { book, emptyDay, openDay } from './grid'
import { Caller, desk, test } from './support'

test('a clerk on the other side of the world books by the clock of the branch', async ({ browser }) => {
  const page = await desk(browser, 'registrar', { timezoneId: 'America/New_York' })
  const day = await emptyDay(page)
  await openDay(page, day)

  const card = await book(page, 0, '10:00')

  await expect(card).toHaveAttribute('aria-label', /^10:00–10:30/)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const { items } = await caller.get(`calendar/day?branch=${branch.id}&date=${day}`)
  expect(new Date(items[0].starts_at).toISOString()).toBe(`${day}T05:00:00.000Z`)
  await page.reload()
  await expect(page.locator('[data-column="0"] [data-id]')).toHaveAttribute('aria-label', /^10:00–10:30/)
})
