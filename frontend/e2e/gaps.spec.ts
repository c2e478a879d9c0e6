import { expect, type Page } from '@playwright/test'
import { emptyDay, openDay, toast } from './grid'
import { accessible } from './readers'
import { Caller, desk, enter, test } from './support'

interface Made {
  id: string
  version: number
}

/** A day of the first doctor with three appointments of half an hour, and twenty minutes free before each. */
async function holey(page: Page) {
  const [day, caller] = [await emptyDay(page), await Caller.of(page)]
  const [branch] = (await caller.get('auth/me')).branches
  const { columns } = await caller.get(`calendar/day?branch=${branch.id}&date=${day}`)
  const [doctor] = columns as { employee_id: string; shifts: { starts_at: string }[] }[]
  const begins = Date.parse(doctor!.shifts[0]!.starts_at)
  const after = (minutes: number) => new Date(begins + minutes * 60_000)
  const people = (await caller.get('patients?size=3&q=ахм')).items as { id: string }[]
  const booked: Made[] = []
  for (const [index, { id }] of people.entries()) {
    const [starts_at, ends_at] = [after(20 + 50 * index), after(50 + 50 * index)]
    const body = { branch: branch.id, employee: doctor!.employee_id, patient: id, starts_at, ends_at }
    const answer = await caller.post('calendar/appointments', body)
    expect(answer.status(), await answer.text()).toBe(201)
    booked.push((await answer.json()) as Made)
  }
  const clock = (minutes: number) =>
    after(minutes).toLocaleTimeString('ru-RU', {
      timeZone: 'Asia/Almaty',
      hour: '2-digit',
      minute: '2-digit',
    })
  return { day, caller, booked, clock }
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Уплотнить день' })

/** The first doctor's day, as the grid says it. */
async function stand(page: Page, ...clocks: string[]): Promise<void> {
  const cards = page.locator('[data-column="0"] [data-id]')
  await expect(cards).toHaveCount(clocks.length)
  for (const clock of clocks)
    await expect(page.locator(`[data-column="0"] [aria-label^="${clock}"]`)).toHaveCount(1)
}

test('gaps of a day are closed, the other desk sees it, and one press brings everything back', async ({
  browser,
}) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const { day, clock } = await holey(mine)
  for (const page of [mine, theirs]) await openDay(page, day)
  await stand(theirs, clock(20), clock(70), clock(120))

  await mine.keyboard.press('u')
  const gaps = dialog(mine)
  await expect(gaps.getByText('Можно выиграть 1 ч')).toBeVisible()
  const moves = gaps.locator('[data-gaps] [data-move]')
  await expect(moves).toHaveCount(2)
  await expect(moves.first()).toContainText(`${clock(20)} → ${clock(0)}`)
  await expect(moves.first()).toContainText('на 20 мин раньше')
  await expect(moves.first().locator('a[href^="tel:"]')).toBeVisible()
  await expect(gaps.getByText('Без выигрыша:')).toBeVisible()

  const chosen = gaps.locator('[data-gaps] header input')
  await chosen.uncheck()
  await expect(gaps.getByRole('button', { name: /Применить/ })).toBeDisabled()
  await accessible(mine, { within: '.drawer' })
  await chosen.check()
  await gaps.getByRole('button', { name: /Применить \(2 переноса\)/ }).dblclick()

  await expect(toast(mine, 'Перенесено 2, выиграно 1 ч')).toHaveCount(1)
  for (const page of [mine, theirs]) await stand(page, clock(0), clock(90), clock(120))
  await expect(gaps.getByText('Уплотнять нечего')).toBeVisible()
  await expect(gaps.getByRole('region', { name: /Сообщите пациентам/ }).locator('[data-move]')).toHaveCount(2)

  await toast(mine, 'Перенесено 2').getByRole('button', { name: 'Вернуть' }).click()
  await expect(toast(mine, 'Возвращены 2 записи')).toBeVisible()
  for (const page of [mine, theirs]) await stand(page, clock(20), clock(70), clock(120))
  await expect(gaps.getByText('Можно выиграть 1 ч')).toBeVisible()
  await mine.keyboard.press('Escape')
  await expect(gaps).toHaveCount(0)
})

test('a confirmed patient stays unless it is allowed, and a plan that has grown old moves nobody', async ({
  browser,
}) => {
  const page = await desk(browser, 'registrar')
  const { day, caller, booked, clock } = await holey(page)
  const [first, second] = booked
  const { version } = first!
  const confirmed = await caller.post(`calendar/appointments/${first!.id}/status`, {
    version,
    status: 'confirmed',
  })
  expect(confirmed.status(), await confirmed.text()).toBe(200)
  await openDay(page, day)
  await page.locator('.column-head').first().hover()
  await page
    .getByRole('button', { name: /Действия с днём врача/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Уплотнить день' }).click()

  const gaps = dialog(page)
  const moves = gaps.locator('[data-gaps] [data-move]')
  await expect(gaps.getByText('Можно выиграть 40 мин')).toBeVisible()
  await expect(moves).toHaveCount(2)
  await expect(moves.filter({ hasText: 'подтверждено' })).toHaveCount(0)
  await gaps.getByLabel('Двигать и подтверждённых').check()
  await expect(gaps.getByText('Можно выиграть 1 ч')).toBeVisible()
  await expect(moves.first()).toContainText('подтверждено, надо позвонить')
  await expect(page).toHaveURL(/gaps=[^&]*confirmed/)

  // A colleague changes one of them while the order is on its way.
  await page.route(
    '**/api/v1/calendar/gaps',
    async (route) => {
      const { id, version } = second!
      await caller.patch(`calendar/appointments/${id}`, { version, note: 'Просит позвонить' })
      await route.continue()
    },
    { times: 1 },
  )
  await page.keyboard.press('Control+Enter')
  await expect(gaps.getByRole('alert')).toContainText('Ничего не перенесено')
  await stand(page, clock(20), clock(70), clock(120))
  await expect(gaps.getByLabel('Двигать и подтверждённых')).toBeChecked()

  await gaps.getByRole('button', { name: /Применить \(2 переноса\)/ }).press('Enter')
  await expect(toast(page, 'Перенесено 2, выиграно 1 ч')).toBeVisible()
  await expect(gaps.getByRole('alert')).toHaveCount(0)
  await stand(page, clock(0), clock(90), clock(120))
})

test('an appointment lies over the plan that it is looked up from, whichever was opened first', async ({
  page,
}) => {
  await enter(page, 'registrar')
  const { day, clock } = await holey(page)
  await openDay(page, day)
  const card = page.locator(`[data-column="0"] [aria-label^="${clock(20)}"]`)
  const appointment = page.getByRole('dialog', { name: clock(20) })
  const close = appointment.getByRole('button', { name: 'Закрыть' })
  await card.click()
  await close.click()
  await page.keyboard.press('u')
  await expect(dialog(page).locator('[data-move]')).toHaveCount(2)
  await card.click()
  await close.click()
  await expect(appointment).toHaveCount(0)
  await expect(dialog(page).locator('[data-move]')).toHaveCount(2)
})
