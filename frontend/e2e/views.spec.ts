import { expect } from '@playwright/test'
import { book, busyDay, drag, emptyDay, openDay, point, toast } from './grid'
import { accessible } from './readers'
import { Caller, desk, enter, test } from './support'

const cards = (column: number) => `[data-column="${column}"] [data-id]`

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
