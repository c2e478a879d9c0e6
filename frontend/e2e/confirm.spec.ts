import { expect, type Page } from '@playwright/test'
import { Caller, desk, enter, test } from './support'

const PEOPLE = 60
const dayAhead = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Almaty' }).format(Date.now() + days * 86_400_000)

interface Slot {
  employee: string
  starts_at: string
  ends_at: string
}

/** The nearest day from tomorrow on with room for so many, in the branch where this desk stands. */
async function roomFor(caller: Caller, branch: string): Promise<{ date: string; slots: Slot[] }> {
  for (let days = 1; days < 60; days++) {
    const date = dayAhead(days)
    const { columns } = await caller.get(`calendar/day?branch=${branch}&date=${date}`)
    const slots: Slot[] = []
    for (const { employee_id } of columns as { employee_id: string }[]) {
      const query = `branch=${branch}&from=${date}&to=${date}&employee=${employee_id}&minutes=10&limit=50`
      for (let after = ''; after !== 'none';) {
        const page = await caller.get(`calendar/slots?${query}${after}`)
        slots.push(...apart(page.items as Slot[], slots.at(-1)))
        after = page.next ? `&after=${encodeURIComponent(page.next)}` : 'none'
      }
    }
    if (slots.length >= PEOPLE) return { date, slots }
  }
  throw new Error('Nowhere is room')
}

/** Those that do not lie over the one before. */
function apart(slots: Slot[], last?: Slot): Slot[] {
  return slots.flatMap(({ employee, starts_at, ends_at }) => {
    if (last?.employee === employee && last.ends_at > starts_at) return []
    last = { employee, starts_at, ends_at }
    return [last]
  })
}

/** A full day: tomorrow as far as it goes, with sixty people who have not confirmed. */
async function fullDay(page: Page): Promise<string> {
  const caller = await Caller.of(page)
  const { branches } = await caller.get('auth/me')
  const branch = branches[0].id as string
  const { date, slots } = await roomFor(caller, branch)
  const waiting = await caller.get(`calendar/confirmations?branch=${branch}&date=${date}`)
  let left = PEOPLE - waiting.items.filter((one: { status: string }) => one.status === 'booked').length
  const people = (await caller.get('patients?size=200')).items as { id: string }[]
  for (const [index, slot] of slots.entries()) {
    if (left <= 0) break
    const body = { branch, patient: people[index % people.length]!.id, ...slot }
    if ((await caller.post('calendar/appointments', body)).ok()) left--
  }
  expect(left, 'sixty people are to be called').toBeLessThanOrEqual(0)
  return date
}

const left = async (page: Page): Promise<number> =>
  Number(/осталось (\d+)/.exec(await page.locator('.progress').innerText())?.[1])

test("tomorrow's sixty people are confirmed with the keyboard, and another desk watches", async ({
  browser,
}) => {
  const mine = await desk(browser, 'registrar')
  const date = await fullDay(mine)
  const theirs = await desk(browser, 'registrar2')
  for (const page of [mine, theirs]) {
    await page.goto(`/confirm?date=${date}`)
    await expect(page.locator('.frame-top')).toContainText('На связи')
  }
  await expect(mine.locator('[data-row]').first()).toBeVisible()
  const all = await left(mine)
  expect(all).toBeGreaterThanOrEqual(PEOPLE)

  // Enter: the other desk sees that this one is being called.
  await mine.keyboard.press('End')
  await mine.keyboard.press('Home')
  await mine.keyboard.press('Enter')
  await expect(mine.locator('.person.active')).toContainText('Вы звоните')
  await expect(theirs.locator('.person', { hasText: 'Звонит:' })).toHaveCount(1)

  // One does not answer, one asks to be called later, one declines and waits for another time.
  const first = await mine.locator('.person.active b').innerText()
  await mine.keyboard.press('2')
  await expect(mine.locator('.person', { hasText: 'Нет ответа,' })).toContainText(first)
  await mine.keyboard.press('3')
  await mine.keyboard.type('2359')
  await mine.keyboard.press('Enter')
  await expect(mine.locator('.person', { hasText: 'снова в 23:59' })).toHaveCount(1)
  await mine.keyboard.press('4')
  await mine.keyboard.press('1')
  await mine.keyboard.press('Tab')
  await mine.keyboard.type('Заболел, хочет в понедельник')
  await mine.keyboard.press('Tab')
  await mine.keyboard.press('Space')
  await mine.keyboard.press('Enter')
  await expect(mine.locator('.progress')).toContainText('отказались 1')

  // The rest will come; whoever was not reached comes up again at the end.
  const started = Date.now()
  for (let number = 0; number < all - 1; number++) {
    await mine.keyboard.press('1')
    await mine.waitForTimeout(20)
  }
  await expect(mine.getByText('Обзвон закончен')).toBeVisible()
  console.log(`${all - 1} people were confirmed in ${Date.now() - started} ms`)
  await expect(theirs.getByText('Обзвон закончен')).toBeVisible()
  await expect(theirs.locator('.progress')).toContainText(`${all + 2} звон`)

  await theirs.reload()
  await expect(theirs.locator('.progress')).toContainText('осталось 0')
})

test('two clerks have one patient on the telephone: the second learns what the first heard', async ({
  browser,
}) => {
  const mine = await desk(browser, 'registrar')
  const date = await fullDay(mine)
  const theirs = await desk(browser, 'registrar2')
  for (const page of [mine, theirs]) await page.goto(`/confirm?date=${date}`)
  const name = await mine.locator('.person.active b').first().innerText()
  await expect(theirs.locator('.person.active b').first()).toHaveText(name)

  // The second desk hears nothing of the first: its reads are stopped.
  await theirs.route('**/calendar/confirmations?**', (route) => route.abort())
  await mine.keyboard.press('2')
  await expect(mine.locator('.person', { hasText: 'Нет ответа,' }).first()).toContainText(name)
  await theirs.unroute('**/calendar/confirmations?**')
  await theirs.keyboard.press('1')
  await expect(theirs.locator('.toast, [role="status"], [role="alert"]').last()).toContainText(
    'Ваш результат не записан',
  )
})

test('of whom one is calling nothing is written about the next when another desk confirms him', async ({
  browser,
}) => {
  const mine = await desk(browser, 'registrar')
  await mine.goto(`/confirm?date=${await fullDay(mine)}`)
  const active = mine.locator('.person.active')
  const id = await active.locator('[data-row]').getAttribute('data-row')
  await mine.keyboard.press('Enter')
  await expect(active).toContainText('Вы звоните')
  const before = await left(mine)

  const caller = await Caller.of(await desk(browser, 'registrar2'))
  const { version } = await caller.get(`calendar/appointments/${id}`)
  const told = await caller.post(`calendar/appointments/${id}/status`, { version, status: 'confirmed' })
  expect(told.status()).toBe(200)
  await expect(mine.getByText('пока вы звонили').first()).toBeVisible()

  await mine.keyboard.press('1')
  await expect(active).toHaveCount(0)
  expect(await left(mine)).toBe(before - 1)
  await mine.keyboard.press('ArrowDown')
  await expect(active).toHaveCount(1)
})

test('a doctor calls his own patients and cannot cancel them', async ({ page }) => {
  await enter(page, 'doctor1', '/confirm')
  await expect(page.locator('#content')).toContainText('Обзвон')
  await expect(page.getByRole('button', { name: 'Отказ…' })).toHaveCount(0)
})

test('what was written about a patient and not taken stands in his form again, and it is said whose it is', async ({
  browser,
}) => {
  const page = await desk(browser, 'registrar')
  await page.goto(`/confirm?date=${await fullDay(page)}`)
  const name = await page.locator('.person.active b').first().innerText()
  await page.route('**/calendar/confirmations/*/result', (route) => route.fulfill({ status: 500, body: '' }))

  await page.keyboard.press('5')
  await page.keyboard.type('Просит другого врача')
  await page.keyboard.press('Enter')

  const surname = name.split(' ')[0]!
  await expect(page.locator('[role="alert"], .toast', { hasText: `${surname} ` }).last()).toContainText(
    'осталось на экране',
  )
  const note = page.locator('.person.active', { hasText: name }).getByRole('textbox')
  await expect(note).toHaveValue('Просит другого врача')
  await expect(note).toBeFocused()
})
