import { expect } from '@playwright/test'
import { book, emptyDay, openDay, point, still, toast } from './grid'
import { Caller, desk, enter, test } from './support'

const cards = (column: number) => `[data-column="${column}"] [data-id]`

test('an edge is pulled at the top, and undone', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const box = await still(await book(page, 0, '10:00'))
  await page.mouse.move(box.x + 40, box.y + 2)
  await page.mouse.down()
  await page.mouse.move(box.x + 40, box.y - 20, { steps: 4 })
  await page.mouse.move(box.x + 40, box.y - 33, { steps: 4 })
  await page.mouse.up()
  await expect(page.locator(cards(0))).toHaveAttribute('aria-label', /^09:30–10:30/)
  await toast(page, 'Длительность').getByRole('button', { name: 'Вернуть' }).click()
  await expect(page.locator(cards(0))).toHaveAttribute('aria-label', /^10:00–10:30/)
})

test('a card held over the arrow turns the page and is put down on the next day', async ({ page }) => {
  await enter(page, 'registrar')
  const day = await emptyDay(page, 2)
  await openDay(page, day)
  const card = await book(page, 0, '10:00')
  const box = await still(card)
  const arrow = (await page.locator('[data-turn="1"]').boundingBox())!
  await page.mouse.move(box.x + 40, box.y + 12)
  await page.mouse.down()
  await page.mouse.move(arrow.x + 40, arrow.y + 60, { steps: 4 })
  const turned = page.waitForURL((url) => url.searchParams.get('date') !== day)
  await page.mouse.move(arrow.x + 10, arrow.y + 10, { steps: 4 })
  await turned
  await page.mouse.move(arrow.x + 40, arrow.y + 60) // held longer, it would turn another page
  await expect(page.locator('[data-ghost]')).toBeVisible()
  const free = await point(page, 1, '11:00')
  await page.mouse.move(free.x, free.y + 8, { steps: 6 })
  await page.mouse.move(free.x, free.y + 11, { steps: 2 })
  await page.mouse.up()
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await expect(page.locator(cards(1))).toHaveAttribute('aria-label', /^11:00–11:30/)
  await toast(page, 'Перенесено').getByRole('button', { name: 'Вернуть' }).click()
  await expect(page.locator('[data-id]')).toHaveCount(0)
  await openDay(page, day)
  await expect(card).toHaveAttribute('aria-label', /^10:00/)
})

test('cut and copied appointments are carried to another day', async ({ page }) => {
  await enter(page, 'registrar')
  const day = await emptyDay(page, 2)
  await openDay(page, day)
  const card = await book(page, 0, '10:00')
  await card.focus()
  await page.keyboard.press('Control+c')
  const board = page.getByRole('region', { name: 'Буфер записей' })
  await expect(board).toBeVisible()
  // A copy: chosen on the board, put down by a click.
  await board.getByRole('button', { pressed: false }).first().click()
  const there = await point(page, 1, '11:00')
  await page.mouse.click(there.x, there.y + 3)
  await expect(page.locator(cards(1))).toHaveAttribute('aria-label', /^11:00–11:30/)
  await expect(page.locator(cards(0))).toHaveCount(1)
  await toast(page, 'Записано ещё раз').getByRole('button', { name: 'Вернуть' }).click()
  await expect(page.locator(cards(1))).toHaveAttribute('aria-label', /Отмен/)
  // Cut: by the keys, to the day after.
  await page.keyboard.press('Escape')
  await card.focus()
  await page.keyboard.press('Control+x')
  await page.keyboard.press('Alt+ArrowRight')
  await expect(board).toBeVisible()
  await expect(page.locator('[data-column]').first()).toBeVisible()
  await expect(page.locator('[data-id]')).toHaveCount(0)
  await page.locator('.area').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Control+v')
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await expect(page.locator('[data-id]')).toHaveCount(1)
  await expect(board).toHaveCount(0)
  await openDay(page, day)
  await expect(page.locator(cards(0))).toHaveCount(0)
})

test('a copy has the parts, the colour and the urgency of what was copied', async ({ page }) => {
  await enter(page, 'manager')
  const day = await emptyDay(page)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const { columns } = await caller.get(`calendar/day?branch=${branch.id}&date=${day}`)
  const [device] = (await caller.get(`calendar/devices?branch=${branch.id}&is_active=true`)).items
  const [patient] = (await caller.get('patients?size=1&q=ахм')).items
  const employee = columns[0].employee_id
  const at = (clock: string) => `${day}T${clock}:00+05:00`
  const made = await caller.post('calendar/appointments', {
    branch: branch.id,
    employee,
    patient: patient.id,
    starts_at: at('10:00'),
    ends_at: at('11:00'),
    is_urgent: true,
    color: '#b45309',
    segments: [
      { role: 'doctor', employee, starts_at: at('10:00'), ends_at: at('10:30') },
      { role: 'device', device: device.id, starts_at: at('10:30'), ends_at: at('11:00') },
    ],
  })
  expect(made.status()).toBe(201)
  await openDay(page, day)
  await page.locator(cards(0)).focus()
  await page.keyboard.press('Control+c')
  await page
    .getByRole('region', { name: 'Буфер записей' })
    .getByRole('button', { pressed: false })
    .first()
    .click()
  const there = await point(page, 1, '14:00')
  await page.mouse.click(there.x, there.y + 3)
  await expect(toast(page, 'Записано ещё раз')).toBeVisible()
  const { items } = await caller.get(`calendar/day?branch=${branch.id}&date=${day}`)
  const copied = items.find(({ employee_id }: { employee_id: string }) => employee_id !== employee)
  const whole = await caller.get(`calendar/appointments/${copied.id}`)
  expect([whole.own_color, whole.is_urgent, whole.origin]).toEqual(['#b45309', true, 'copy'])
  const parts = whole.segments.map((part: { role: string; starts_at: string }) => [
    part.role,
    Date.parse(part.starts_at) - Date.parse(whole.starts_at),
  ])
  expect(parts).toEqual([
    ['doctor', 0],
    ['device', 30 * 60_000],
  ])
})

test('from the board a card is dragged into the grid; the keys carry one to the next day', async ({
  page,
}) => {
  await enter(page, 'registrar')
  const day = await emptyDay(page, 2)
  await openDay(page, day)
  const card = await book(page, 0, '10:00')
  await card.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Вырезать' }).click()
  const pin = (await page
    .getByRole('region', { name: 'Буфер записей' })
    .getByRole('button')
    .first()
    .boundingBox())!
  const there = await point(page, 1, '12:00')
  await page.mouse.move(pin.x + 20, pin.y + 10)
  await page.mouse.down()
  await page.mouse.move(there.x, there.y - 20, { steps: 5 })
  await page.mouse.move(there.x, there.y + 6, { steps: 5 })
  // Every answer comes late: the keys take the card up again before the first one.
  await page.route('**/calendar/appointments/*', async (route) => {
    await new Promise((wake) => setTimeout(wake, 400))
    await route.continue()
  })
  await page.mouse.up()
  await expect(page.locator(cards(1))).toHaveAttribute('aria-label', /^12:00–12:30/)
  await page.locator(cards(1)).focus()
  await page.keyboard.press('m')
  await page.keyboard.press('Alt+ArrowRight')
  await expect(page.locator('[data-id]')).toHaveCount(0)
  await expect(page.locator('[data-ghost]')).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Control+ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.locator(cards(0))).toHaveAttribute('aria-label', /^11:55–12:30/)
})

test('a manager carries an appointment to another branch, and sees that branch live', async ({ browser }) => {
  const boss = await desk(browser, 'owner')
  const day = await emptyDay(boss)
  await boss.goto(`/calendar?date=${day}&by=branch`)
  await expect(boss.locator('.group')).toHaveCount(3)
  const card = await book(boss, 0, '10:00')
  const columns = await boss.locator('[data-column]').count()
  const target = columns - 1
  const id = await card.getAttribute('data-id')
  const there = boss.locator(`[data-column="${target}"] [data-id="${id}"]`)
  // By the keys: the far column is out of sight of the mouse.
  await card.focus()
  await boss.keyboard.press('m')
  for (let step = 0; step < target; step++) await boss.keyboard.press('ArrowRight')
  await boss.keyboard.press('Enter')
  await expect(toast(boss, 'Перенесено')).toBeVisible()
  await expect(there).toBeVisible()
  await expect(boss.locator(cards(0))).toHaveCount(0)
  // Somebody moves it there; nobody of that branch is in the frame of this page.
  const caller = await Caller.of(await desk(browser, 'owner'))
  const { version } = await caller.get(`calendar/appointments/${id}`)
  const ends_at = `${day}T10:45:00+05:00`
  const answer = await caller.patch(`calendar/appointments/${id}`, { version, ends_at })
  expect(answer.ok(), await answer.text()).toBe(true)
  await expect(there).toHaveAttribute('aria-label', /10:45/)
  // The day counts as empty in the first branch: the patient must be free on it.
  const done = { version: (await answer.json()).version, by: 'clinic', reason: 'Проба' }
  expect((await caller.post(`calendar/appointments/${id}/cancel`, done)).ok()).toBe(true)
})
