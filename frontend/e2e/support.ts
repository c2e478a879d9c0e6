import { readFileSync } from 'node:fs'
import { expect, type Browser, type Page } from '@playwright/test'

/** Accounts of the demonstration: login → password, as the product printed them. */
const file =
  process.env.E2E_ACCOUNTS ?? new URL('../../.data/e2e/demo-accounts.txt', import.meta.url).pathname

export function password(login: string): string {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((row) => row.trim().split(/\s+/)[0] === login)
  if (!line) throw new Error(`There is no demo account ${login}`)
  return line.trim().split(/\s+/)[1]!
}

/** Sign in through the form and wait for the frame. */
export async function login(page: Page, who: string): Promise<void> {
  await page.goto('/login')
  await page.locator('input[autocomplete="username"]').fill(who)
  await page.locator('input[autocomplete="current-password"]').fill(password(who))
  await page.keyboard.press('Enter')
  await expect(page.locator('nav').first()).toBeVisible()
}

/** A browser of its own for a person: a second desk, another clinic. */
export async function desk(
  browser: Browser,
  who: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await login(page, who)
  return page
}

/** The access token of a signed-in page, for calls that a journey makes beside the screen. */
export async function token(page: Page): Promise<string> {
  const answer = await page.request.post('/api/v1/auth/refresh', {
    headers: { Origin: new URL(page.url()).origin },
  })
  return ((await answer.json()) as { access: string }).access
}
