import { expect } from '@playwright/test'
import { login, test } from './support'

test('the front desk signs in, reloads, and is still there', async ({ page }) => {
  await login(page, 'registrar')
  await page.reload()
  await expect(page.locator('nav').first()).toBeVisible()
  await page.goto('/patients')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
})
