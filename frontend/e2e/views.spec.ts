import { expect } from '@playwright/test'
import { book, busyDay, drag, emptyDay, openDay, point, still, toast } from './grid'
import { accessible } from './readers'
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

test('the first free time is found, and the scale is turned by the wheel', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const hour = () => page.locator('[data-scroller]').evaluate((box) => box.style.getPropertyValue('--hour'))
  await page.locator('.area').hover()
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -120)
  await page.keyboard.up('Control')
  await expect.poll(hour).toBe('99px')
  await page.keyboard.press('-')
  await expect.poll(hour).toBe('66px')
  await page.keyboard.press('f')
  await expect(page.getByRole('dialog')).toContainText('Новая запись')
  await expect(page).toHaveURL(/book=09:00/)
})

test('columns, filter and zoom are kept as a view of one’s own', async ({ page }) => {
  await enter(page, 'registrar')
  await page.goto('/calendar')
  await page.getByRole('button', { name: 'Столбцы' }).click()
  await page.getByRole('menuitemradio', { name: 'По креслам' }).click()
  await expect(page.locator('.column-head').first()).toContainText('Кресло')
  await page.getByRole('button', { name: 'Отбор' }).click()
  await page.getByRole('button', { name: 'Подтверждён', exact: true }).click()
  await expect(page.getByText(/^\d+ из \d+$/)).toBeVisible()
  await page.keyboard.press('+')
  await expect(page).toHaveURL(/by=chair.*zoom=2/)
  await page.getByRole('button', { name: 'Мои виды' }).click()
  const views = page.getByRole('dialog', { name: 'Мои виды' })
  await views.getByRole('textbox').fill('Кресла')
  await views.getByRole('button', { name: 'Сохранить' }).click()
  await views.getByRole('button', { name: /Открывать календарь/ }).click()
  await expect(views.getByRole('button', { name: /Открывать календарь/, pressed: true })).toBeVisible()
  await page.goto('/calendar')
  await expect(page).toHaveURL(/by=chair/)
  await page.getByRole('button', { name: 'Мои виды' }).click()
  await views.getByRole('button', { name: 'Удалить: Кресла' }).click()
  await expect(views).toContainText('Настройте столбцы')
})

test('a week is carried from day to day, a month leads to a day', async ({ page }) => {
  await enter(page, 'registrar')
  const day = await emptyDay(page, 2)
  await openDay(page, day)
  await book(page, 0, '10:00')
  await page.getByRole('button', { name: 'Неделя', exact: true }).click()
  const item = page.locator('table [data-id]').first()
  await expect(item).toBeVisible()
  await page.locator('tbody th button').first().click()
  await expect(page.locator('[data-column]')).toHaveCount(7)
  const column = (new Date(`${day}T00:00:00Z`).getUTCDay() || 7) - 1
  const card = page.locator(cards(column))
  await expect(card).toHaveAttribute('aria-label', /^10:00/)
  await drag(page, card, await point(page, column + 1, '11:00'))
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await expect(page.locator(cards(column + 1))).toHaveAttribute('aria-label', /^11:00–11:30/)
  await expect(page.locator(cards(column))).toHaveCount(0)
  await page.getByRole('button', { name: 'Месяц', exact: true }).click()
  const cell = page.locator('tbody .cell').first()
  await cell.click()
  await expect(page).toHaveURL(/doctor=/)
  await expect(page.locator('[data-column]')).toHaveCount(1)
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

test('a stale edit is refused and says who was quicker', async ({ browser }) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const day = await emptyDay(mine)
  await openDay(mine, day)
  const card = await book(mine, 0, '10:00')
  await card.click()
  await mine.getByRole('dialog').getByRole('button', { name: 'Изменить' }).first().click()
  await mine.getByRole('textbox', { name: 'Заметка' }).fill('Моя заметка')
  const caller = await Caller.of(theirs)
  const { last_name } = await caller.get('auth/me')
  const id = await card.getAttribute('data-id')
  const { version } = await caller.get(`calendar/appointments/${id}`)
  const answer = await caller.patch(`calendar/appointments/${id}`, { version, note: 'Чужая заметка' })
  expect(answer.ok()).toBe(true)
  await mine.keyboard.press('Control+Enter')
  await expect(mine.getByText(new RegExp(`${last_name} .*— изменения`))).toBeVisible()
  await expect(mine.getByRole('textbox', { name: 'Заметка' })).toHaveValue('Моя заметка')
})

test('a doctor’s full day is booked with the keyboard alone', async ({ page }) => {
  await enter(page, 'registrar')
  const date = await emptyDay(page)
  await openDay(page, date)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Клавиши' })
  await expect(sheet).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  // Narrowed to the first doctor, N begins at his first free place.
  await page.locator('.column-head button').first().focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-column]')).toHaveCount(1)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const employee = new URL(page.url()).searchParams.get('doctor')
  const room = `branch=${branch.id}&employee=${employee}&from=${date}&to=${date}&limit=1`
  const free = async (): Promise<number> => (await caller.get(`calendar/slots?${room}`)).items.length
  const names = ['ахм', 'ким', 'нур', 'жан', 'иван', 'серик']
  let done = 0
  while (await free()) {
    await page.keyboard.press('n')
    await expect(page.getByRole('dialog').getByRole('combobox').first()).toBeFocused()
    await page.keyboard.type(names[done % names.length]!)
    await expect(page.getByRole('option').first()).toBeVisible()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    await expect(page.locator('[data-id]')).toHaveCount(++done)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  expect(done).toBeGreaterThanOrEqual(12)
})

test('a week of one doctor is read at once, and of the branch only those of a speciality are shown', async ({
  page,
}) => {
  await enter(page, 'registrar')
  await page.goto('/calendar?view=week')
  const people = page.locator('tbody .who button')
  await expect(people.first()).toBeVisible()
  const all = await people.count()
  await page.keyboard.press('l')
  const speciality = page.getByRole('combobox', { name: 'Специальность' })
  await speciality.selectOption({ index: 1 })
  await expect(people).not.toHaveCount(all)
  expect(await people.count()).toBeGreaterThan(0)
  const reads: string[] = []
  page.on('request', (request) => {
    const [, what] = /calendar\/(day|week)\?/.exec(request.url()) ?? []
    if (what) reads.push(what)
  })
  await people.first().click()
  await expect(page.locator('[data-column]')).toHaveCount(7)
  expect(reads).toEqual(['week'])
})

test('on a phone the doctor sees and confirms his day', async ({ browser }) => {
  const doctor = await desk(browser, 'doctor1', { viewport: { width: 390, height: 844 } })
  const front = await desk(browser, 'registrar')
  const mine = await Caller.of(doctor)
  const me = await mine.get('auth/me')
  const caller = await Caller.of(front)
  const branch = me.branches[0].id
  const { items } = await caller.get(`staff/employees?treats=true&branch=${branch}&size=100`)
  const employee = items.find((one: { user: string }) => one.user === me.id).id
  const patients = await caller.get('patients?size=5')
  const day = await emptyDay(front)
  const starts_at = `${day}T10:00:00+05:00`
  const ends_at = `${day}T10:30:00+05:00`
  const what = { branch, employee, patient: patients.items[0].id, starts_at, ends_at }
  expect((await caller.post('calendar/appointments', what)).status()).toBe(201)
  await doctor.goto(`/calendar?date=${day}`)
  await doctor.locator('.lines .entry').first().click()
  await doctor.getByRole('dialog').getByRole('button', { name: 'Подтвердить' }).click()
  await expect(doctor.locator('.toast')).toContainText('Подтверждён')
  await doctor.keyboard.press('Escape')
  await expect(doctor.locator('.lines .entry').first()).toHaveAttribute('aria-label', /Подтверждён/)
})

for (const [view, sign] of [
  ['by=chair&status=booked', '[data-column]'],
  ['by=branch', '.group'],
  ['view=week', 'table [data-id]'],
  ['view=month', 'tbody .cell'],
  ['view=list', '.sheet'],
]) {
  test(`readers find no serious fault in ${view}`, async ({ page }) => {
    await enter(page, 'owner')
    await page.goto(`/calendar?date=${await busyDay(page)}&${view}`)
    await expect(page.locator(sign!).first()).toBeVisible()
    await accessible(page, { serious: true })
  })
}
