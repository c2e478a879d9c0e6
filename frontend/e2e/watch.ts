import { expect, type Page, type Request, type Response } from '@playwright/test'

/** Follows a page through a walk: what it complained about, what the server told it, whether it has come to rest. */
export class Watch {
  /** Errors of the console and of scripts, and requests that were refused or lost. */
  readonly complaints: string[] = []
  /** Everything the API answered. */
  readonly told: Promise<string>[] = []
  private waiting = new Set<Request>()
  private quietSince = Date.now()

  constructor(private page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complain(message.text())
    })
    page.on('pageerror', (error) => this.complain(error.message))
    page.on('request', (request) => this.waiting.add(request))
    page.on('requestfinished', (request) => this.over(request))
    page.on('requestfailed', (request) => this.lost(request))
    page.on('response', (response) => this.heard(response))
  }

  /** Nothing is being asked any more, and what came is drawn. */
  async settled(): Promise<void> {
    await expect(this.page.locator('#content > *').first()).toBeAttached()
    await expect
      .poll(() => this.waiting.size === 0 && Date.now() - this.quietSince > 60, { intervals: [30] })
      .toBe(true)
    await expect(this.page.locator('[aria-busy="true"], .skeleton').filter({ visible: true })).toHaveCount(0)
  }

  private complain(what: string): void {
    this.complaints.push(`${new URL(this.page.url()).pathname}: ${what}`)
  }

  private over(request: Request): void {
    this.waiting.delete(request)
    this.quietSince = Date.now()
  }

  /** Leaving a page takes back what it was still asking; anything else that was lost is a fault. */
  private lost(request: Request): void {
    this.over(request)
    const reason = request.failure()?.errorText
    if (reason !== 'net::ERR_ABORTED') this.complain(`${request.method()} ${request.url()}: ${reason}`)
  }

  private heard(response: Response): void {
    const path = new URL(response.url()).pathname
    if (response.status() >= 400) this.complain(`${response.status()} ${path}`)
    if (path.startsWith('/api/v1/')) this.told.push(response.text().catch(() => ''))
  }
}

/** How far the page can be pushed sideways: a page that fits says 0. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const boxes = [document.documentElement, document.querySelector('#content')!]
    return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth))
  })

/** The entries of the rail as addresses, in their order. */
export const railOf = (page: Page): Promise<string[]> =>
  page
    .locator('nav.rail a.page-link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')!.slice(1)))
