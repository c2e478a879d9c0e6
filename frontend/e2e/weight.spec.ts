import { expect, type Page } from '@playwright/test'
import { busyDay, openDay } from './grid'
import { login, test } from './support'

// What is kept by the service worker comes without a size.
test.use({ serviceWorkers: 'block' })

const KB = 1024

/** Compressed JavaScript that a page has fetched so far; what comes again from the browser's cache weighs nothing. */
function weighed(page: Page): () => Promise<number> {
  const sizes = new Map<string, Promise<number>>()
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script' || sizes.has(request.url())) return
    sizes.set(
      request.url(),
      request.sizes().then((size) => size.responseBodySize),
    )
  })
  return async () => (await Promise.all(sizes.values())).reduce((sum, size) => sum + size, 0)
}

test('login and calendar are light', async ({ page }) => {
  const weight = weighed(page)
  await page.goto('/login', { waitUntil: 'networkidle' })
  const atLogin = await weight()
  await login(page, 'registrar')
  await openDay(page, await busyDay(page))
  await expect(page.locator('[data-id]').first()).toBeVisible()
  const together = await weight()

  console.log(`  login ${Math.round(atLogin / KB)} KB, with the calendar ${Math.round(together / KB)} KB`)
  expect(atLogin).toBeGreaterThan(10 * KB)
  expect(atLogin).toBeLessThanOrEqual(130 * KB)
  expect(together).toBeLessThanOrEqual(250 * KB)
})
