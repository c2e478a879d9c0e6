import { expect, type Page } from '@playwright/test'
import { login, test } from './support'

/** Everything that stays in a browser when nobody is looking at it any more. */
const kept = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const caught = await Promise.all(
      (await caches.keys()).map(async (name) => {
        const cache = await caches.open(name)
        const texts = (await cache.keys()).map(async (one) => (await cache.match(one))!.text())
        return [name, ...(await Promise.all(texts))]
      }),
    )
    const databases = await indexedDB.databases()
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, caught, databases])
  })

test('a day at the desk leaves no token and no person in the browser', async ({ page }) => {
  const tokens = new Set<string>()
  const addresses: string[] = []
  const said: string[] = []
  page.on('request', (request) => {
    const [, token] = request.headers()['authorization']?.split(' ') ?? []
    if (token) tokens.add(token)
    addresses.push(request.url())
  })
  page.on('console', (message) => said.push(message.text()))
  const places: string[] = []
  page.on('framenavigated', (frame) => places.push(frame.url()))

  await login(page, 'desk')
  await page.goto('/patients')
  const cells = page.getByRole('row').nth(1).getByRole('cell')
  const [surname] = (await cells.nth(1).innerText()).split(' ')
  await page.getByRole('searchbox').first().fill(surname!)
  await expect(cells.nth(1)).toContainText(surname!)
  await cells.nth(1).click()
  await expect(page.locator('#content')).toContainText(surname!)
  for (const path of ['/calendar', '/visits', '/cash', '/messages']) {
    await page.goto(path)
    await expect(page.locator('#content')).not.toBeEmpty()
  }

  const left = [await kept(page), ...said, ...places].join('\n')
  expect(tokens.size).toBeGreaterThan(0)
  for (const secret of [...tokens, surname!]) expect(left).not.toContain(secret)
  for (const token of tokens) expect(addresses.join('\n')).not.toContain(token)

  await page.evaluate((name) => localStorage.setItem('control', name), surname!)
  expect(await kept(page)).toContain(surname)
})
