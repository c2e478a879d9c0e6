import { expect, type Locator, type Page } from '@playwright/test'
import { Caller } from './support'

/** What a hand does on the day's grid. */
const HOUR = 66

type Day = { columns: { shifts: unknown[] }[]; items: unknown[] }

/** What the branch's calendar holds so many days from today on. */
async function dayAhead(page: Page): Promise<(ahead: number) => Promise<{ date: string; day: Day }>> {
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  return async (ahead) => {
    const moment = new Date(Date.now() + ahead * 86_400_000)
    const date = moment.toLocaleDateString('sv', { timeZone: branch.timezone })
    return { date, day: await caller.get(`calendar/day?branch=${branch.id}&date=${date}`) }
  }
}

/** Where the search for so many days in a row has come to: those before it are taken. */
const searched = new Map<number, number>()

/** A working day far ahead that nobody has booked yet, so that each journey has one of its own; or several in a row. */
export async function emptyDay(page: Page, inRow = 1): Promise<string> {
  const look = await dayAhead(page)
  let found: string[] = []
  for (let ahead = searched.get(inRow) ?? 45; ahead < 200; ahead++) {
    const { date, day } = await look(ahead)
    // On a holiday the lunches stand there, and nobody works.
    const works = day.columns.filter(({ shifts }) => shifts.length).length
    found = works > 1 && !day.items.length ? [...found, date] : []
    searched.set(inRow, ahead)
    if (found.length === inRow) return found[0]!
  }
  throw new Error('There is no empty day')
}

/** Today, or on a Sunday the next day on which somebody works and is booked. */
export async function busyDay(page: Page): Promise<string> {
  const look = await dayAhead(page)
  for (let ahead = 0; ahead < 14; ahead++) {
    const { date, day } = await look(ahead)
    if (day.items.length && day.columns.some(({ shifts }) => shifts.length)) return date
  }
  throw new Error('There is no busy day')
}

export async function openDay(page: Page, day: string): Promise<void> {
  await page.goto(`/calendar?date=${day}`)
  await expect(page.locator('[data-column]').first()).toBeVisible()
}

/** The point of the grid where a doctor's column meets a time. */
export async function point(page: Page, column: number, clock: string): Promise<{ x: number; y: number }> {
  const box = (await page.locator(`[data-column="${column}"]`).boundingBox())!
  const first = await page.locator('.axis span').first().innerText()
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
  return { x: box.x + 60, y: box.y + ((minutes(clock) - minutes(first)) * HOUR) / 60 }
}

export async function clickAt(page: Page, column: number, clock: string): Promise<void> {
  const { x, y } = await point(page, column, clock)
  await page.mouse.click(x, y + 3)
}

/** In the open form: find somebody, take the first, save. */
export async function fill(page: Page, who: string): Promise<void> {
  await expect(page.getByRole('dialog').getByRole('combobox').first()).toBeFocused()
  await page.keyboard.type(who)
  await expect(page.getByRole('dialog').getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Enter')
}

export async function book(page: Page, column: number, clock: string, who = 'ахм'): Promise<Locator> {
  await clickAt(page, column, clock)
  await fill(page, who)
  await page.keyboard.press('Control+Enter')
  const card = page.locator(`[data-column="${column}"] [data-id]`, { hasText: clock })
  await expect(card).toBeVisible()
  // The socket may draw the card before the form has its answer, and until then the form lies over the day.
  await expect(page.locator('.drawer.modal')).toHaveCount(0)
  return card
}

/** Where a card stands once it has glided there. */
export async function still(card: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await card.evaluate((node) => Promise.all(node.getAnimations().map(({ finished }) => finished)))
  return (await card.boundingBox())!
}

export async function drag(page: Page, card: Locator, to: { x: number; y: number }, fromBottom = false) {
  const box = await still(card)
  // Its edges pull; it is carried by what is between them.
  const held = fromBottom ? box.height - 2 : Math.min(10, box.height / 2)
  const over = to.y + (fromBottom ? 0 : held - 1)
  await page.mouse.move(box.x + 40, box.y + held)
  await page.mouse.down()
  await page.mouse.move(to.x, over - 20, { steps: 5 })
  await page.mouse.move(to.x, over + 1, { steps: 5 })
  await page.mouse.up()
}

export const toast = (page: Page, text: string) => page.locator('.toast', { hasText: text })
