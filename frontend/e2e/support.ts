import { readFileSync } from 'node:fs'
import { type APIRequestContext, expect, test as base, type Browser, type Page } from '@playwright/test'

/**
 * A journey whose desks go home at its end. One browser serves them all: a page left open keeps its socket, reads
 * anew at every change of the clinic, and makes each later journey slower.
 */
export const test = base.extend<{ closing: void }>({
  closing: [
    async ({ browser }, use) => {
      await use()
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
})

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

/** Sign in with one call, which leaves the session's cookie in the page, and open an address. */
export async function enter(page: Page, who: string, path = '/'): Promise<void> {
  const answer = await page.request.post('/api/v1/auth/login', {
    data: { login: who, password: password(who) },
  })
  expect(answer.status(), `${who} signs in`).toBe(200)
  await page.goto(path)
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
  await enter(page, who)
  return page
}

/** The access token of a signed-in page, for calls that a journey makes beside the screen. */
export async function token(page: Page): Promise<string> {
  const answer = await page.request.post('/api/v1/auth/refresh', {
    headers: { Origin: new URL(page.url()).origin },
  })
  return ((await answer.json()) as { access: string }).access
}

/** The clinic's API with one person's right, for what happens beside the screen. */
export class Caller {
  private constructor(
    private request: APIRequestContext,
    private headers: Record<string, string>,
  ) {}

  static async of(page: Page): Promise<Caller> {
    return new Caller(page.request, { Authorization: `Bearer ${await token(page)}` })
  }

  async get(path: string) {
    const answer = await this.request.get(`/api/v1/${path}`, { headers: this.headers })
    expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true)
    return answer.json()
  }

  post(path: string, data: object) {
    const headers = { ...this.headers, 'Idempotency-Key': crypto.randomUUID() }
    return this.request.post(`/api/v1/${path}`, { headers, data })
  }

  patch(path: string, data: object) {
    return this.request.patch(`/api/v1/${path}`, { headers: this.headers, data })
  }

  remove(path: string) {
    return this.request.delete(`/api/v1/${path}`, { headers: this.headers })
  }
}

/** The ids of one treatment of the clinic: who came, when, what was written and what it cost. */
export async function record(caller: Caller) {
  const [invoice] = (await caller.get('billing/invoices?size=1')).items
  const visit = await caller.get(`visits/${invoice.visit}`)
  return {
    patient: invoice.patient.id as string,
    appointment: visit.appointment.id as string,
    visit: visit.id as string,
    invoice: invoice.id as string,
  }
}

/** A surname that nobody else has: only letters, as names are. */
export const uniqueName = (): string =>
  `Пробина${[...String(Date.now())].map((digit) => 'абвгдежзик'[Number(digit)]).join('')}`
