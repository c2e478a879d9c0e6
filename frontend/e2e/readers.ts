import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

interface Narrowed {
  /** Only this part of the page. */
  within?: string
  /** Only what keeps somebody with a reader or a keyboard out. */
  serious?: boolean
}

/** Readers find no fault in the page that has come to rest: colours on their way are nobody's. */
export async function accessible(page: Page, { within, serious }: Narrowed = {}): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
  const axe = new AxeBuilder({ page })
  const { violations } = await (within ? axe.include(within) : axe).analyze()
  const found = violations.filter(({ impact }) => !serious || impact === 'serious' || impact === 'critical')
  expect(
    found.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 160))]),
    `readers find no fault on ${page.url()}`,
  ).toEqual([])
}
