import { expect, test } from '@playwright/test'
import { desk, login } from './support'

test('the front desk signs in, reloads, and is still there', async ({ page }) => {
  await login(page, 'registrar')
  await page.reload()
  await expect(page.locator('nav').first()).toBeVisible()
  await page.goto('/patients')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})

test('a person of another organisation sees none of our patients', async ({ page, browser }) => {
  await login(page, 'registrar')
  await page.goto('/patients')
  const name = await page.getByRole('row').nth(1).getByRole('cell').nth(1).innerText()
  const other = await desk(browser, 'plus.registrar')
  await other.goto(`/patients?q=${encodeURIComponent(name)}`)
  await expect(other.getByRole('row', { name })).toHaveCount(0)
})
