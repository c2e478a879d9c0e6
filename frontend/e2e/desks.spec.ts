import { expect, type Browser, type Page } from '@playwright/test'
import { book, clickAt, drag, emptyDay, fill, openDay, point, toast } from './grid'
import { Caller, desk, test } from './support'

const cards = (column: number) => `[data-column="${column}"] [data-id]`

async function twoDesks(browser: Browser): Promise<[Page, Page]> {
  const pages: [Page, Page] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const day = await emptyDay(pages[0])
  for (const page of pages) await openDay(page, day)
  for (const page of pages) await expect(page.locator('.frame-top')).toContainText('На связи')
  return pages
}

/** When the first card of the first doctor was drawn, by the clock of this machine. */
const drawn = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        new MutationObserver((_, observer) => {
          if (!document.querySelector('[data-column="0"] [data-id]')) return
          observer.disconnect()
          requestAnimationFrame(() => resolve(Date.now()))
        }).observe(document.body, { childList: true, subtree: true })
      }),
  )

/** When the server's answer to a booking had arrived, by the same clock. */
async function answered(page: Page): Promise<number> {
  const answer = await page.waitForResponse(
    (one) => one.request().method() === 'POST' && one.url().endsWith('/calendar/appointments'),
  )
  await answer.finished()
  const { startTime, responseEnd } = answer.request().timing()
  return startTime + responseEnd
}

test('a booking is two keystrokes and a name, and the other desk sees it come in', async ({ browser }) => {
  const [mine, theirs] = await twoDesks(browser)
  const came = theirs.locator('[data-column="0"] [data-id]', { hasText: '10:00' })
  // The name of who did it stays for some seconds only, so it is looked out for from the start.
  const named = came.locator('.by', { hasText: /\S/ }).waitFor()
  const moments = Promise.all([answered(mine), drawn(theirs)])
  await clickAt(mine, 0, '10:00')
  await fill(mine, 'ахм')
  await mine.getByRole('combobox', { name: 'Услуги' }).fill('консульт')
  await mine
    .getByRole('option', { name: /консульт/i })
    .first()
    .click()
  await mine.keyboard.press('Control+Enter')
  await expect(mine.locator('[data-column="0"] [data-id]', { hasText: '10:00' })).toBeVisible()
  await named
  const [answer, card] = await moments
  console.log(`the other desk saw the booking ${Math.round(card - answer)} ms after its answer`)
})

test('one slot, two desks: the second sees what is free and takes it without typing again', async ({
  browser,
}) => {
  const [mine, theirs] = await twoDesks(browser)
  await clickAt(mine, 0, '10:00')
  await fill(mine, 'ахм')
  await book(theirs, 0, '10:00', 'ким')
  await mine.keyboard.press('Control+Enter')
  const taken = mine.locator('.taken')
  await expect(taken).toBeVisible()
  await expect(mine.locator('.chosen b')).toContainText(/ахм/i)
  const free = taken.locator('.times button').first()
  const clock = (await free.innerText()).slice(0, 5)
  expect(clock).not.toBe('10:00')
  await free.click()
  for (const page of [mine, theirs]) {
    await expect(page.locator('[data-column="0"] [data-id]', { hasText: '10:00' })).toHaveCount(1)
    await expect(page.locator('[data-column="0"] [data-id]', { hasText: clock })).toBeVisible()
  }
})

test('a stale edit tells who was there and keeps what was typed', async ({ browser }) => {
  const [mine, theirs] = await twoDesks(browser)
  const card = await book(mine, 0, '10:00')
  await card.click()
  await mine.getByRole('dialog').getByRole('button', { name: 'Изменить' }).first().click()
  await mine.getByLabel('Заметка').fill('Боится уколов')
  // A move is drawn before the server has answered; only its answer makes mine the stale one.
  const moved = theirs.waitForResponse(
    (answer) => answer.request().method() === 'PATCH' && answer.url().includes('/calendar/appointments/'),
  )
  await drag(theirs, theirs.locator('[data-column="0"] [data-id]'), await point(theirs, 0, '11:00'))
  expect((await moved).status()).toBe(200)
  await expect(theirs.locator('[data-column="0"] [data-id]')).toHaveAttribute('aria-label', /^11:00/)
  await mine.keyboard.press('Control+Enter')
  const { last_name } = await (await Caller.of(theirs)).get('auth/me')
  await expect(mine.locator('.stale')).toContainText(last_name)
  await expect(mine.locator('.stale')).toContainText('Изменено')
  await expect(mine.getByLabel('Заметка')).toHaveValue('Боится уколов')
  await mine.getByRole('button', { name: 'Оставить моё' }).click()
  await expect(mine.locator('.drawer.modal')).toHaveCount(0)
  await expect(mine.getByRole('dialog')).toContainText('Боится уколов')
})

test('after a lost connection nothing is missing and nothing is doubled', async ({ browser }) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const day = await emptyDay(mine)
  await Promise.all([openDay(mine, day), openDay(theirs, day)])
  const seen = await book(mine, 0, '10:00')
  await expect(theirs.locator(cards(0))).toHaveCount(1)
  await mine.context().setOffline(true)
  await book(theirs, 0, '12:00', 'ким')
  const moved = theirs.locator(cards(0), { hasText: '10:00' })
  await drag(theirs, moved, await point(theirs, 1, '15:00'))
  await expect(toast(theirs, 'Перенесено')).toBeVisible()
  // What is tried meanwhile is refused and taken back.
  await drag(mine, seen, await point(mine, 0, '16:00'))
  await expect(mine.locator('.toast.danger')).toBeVisible()
  await expect(mine.locator(cards(0))).toHaveAttribute('aria-label', /^10:00/)
  await mine.context().setOffline(false)
  await expect(mine.locator(cards(1))).toHaveAttribute('aria-label', /^15:00/, { timeout: 40_000 })
  await expect(mine.locator(cards(0))).toHaveAttribute('aria-label', /^12:00/)
  await expect(mine.locator('[data-id]')).toHaveCount(2)
})

test('what is carried in one browser is seen in the other at once, with who did it', async ({ browser }) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const day = await emptyDay(mine)
  await Promise.all([openDay(mine, day), openDay(theirs, day)])
  const card = await book(mine, 0, '10:00')
  await expect(theirs.locator(cards(0))).toHaveCount(1)
  // The name stays for some seconds only, so it is looked out for from the start.
  const named = theirs.locator(`${cards(1)} .by`, { hasText: /\S/ }).waitFor()
  await drag(mine, card, await point(mine, 1, '14:00'))
  await named
  await expect(theirs.locator(cards(1))).toHaveAttribute('aria-label', /^14:00/)
})
