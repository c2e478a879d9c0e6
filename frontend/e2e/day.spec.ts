import { expect, type Page } from '@playwright/test'
import { Caller, desk, test } from './support'

const almatyDay = (moment = new Date()) => moment.toLocaleDateString('sv', { timeZone: 'Asia/Almaty' })
const QUARTERS = 96

/** A patient of the registrar's, booked today where the doctor is free, who has just come in. */
async function arrived(registrar: Page, manager: Page, doctor: Page) {
  const front = await Caller.of(registrar)
  const mine = await Caller.of(doctor)
  const me = await mine.get('auth/me')
  const branch = me.branches[0].id
  const doctors = await front.get(`staff/employees?treats=true&branch=${branch}&size=100`)
  const employee = doctors.items.find((one: { user: string }) => one.user === me.id).id
  const { items } = await front.get('patients?size=50')
  const patient = items[Math.floor(Math.random() * items.length)]
  const { id, version } = await booked(await Caller.of(manager), { branch, employee, patient: patient.id })
  const status = await front.post(`calendar/appointments/${id}/status`, { version, status: 'arrived' })
  expect(status.ok(), await status.text()).toBe(true)
  const visits = await front.get(`visits?branch=${branch}&date=${almatyDay()}`)
  const visit = visits.items.find((one: { appointment: { id: string } | null }) => one.appointment?.id === id)
  return { visit: visit.id as string, patient: visit.patient.name as string }
}

/** The next free quarter of today, whatever the hour: the manager may put somebody in outside of the shift, too. */
async function booked(manager: Caller, what: object): Promise<{ id: string; version: number }> {
  const midnight = new Date(`${almatyDay()}T00:00:00+05:00`).valueOf()
  const first = Math.floor((Date.now() - midnight) / 900_000)
  for (let step = 0; step < QUARTERS; step++) {
    const begins = midnight + ((first + step) % QUARTERS) * 900_000
    const [starts_at, ends_at] = [begins, begins + 600_000].map((at) => new Date(at).toISOString())
    const answer = await manager.post('calendar/appointments', { ...what, starts_at, ends_at })
    if (answer.status() === 201) return answer.json()
    expect(['slot_taken', 'reserved']).toContain((await answer.json()).code)
  }
  throw new Error('The doctor has no free quarter today')
}

const section = (page: Page, name: string) => page.getByRole('textbox', { name: new RegExp(name) })
const saved = (page: Page) => expect(page.locator('.save-mark')).toContainText('Сохранено в')
const digits = (text: string) => text.replace(/[^\d,]/g, '')

async function pick(page: Page, where: string, text: string): Promise<void> {
  await page.getByRole('combobox', { name: new RegExp(where) }).fill(text)
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Enter')
}

async function revenue(owner: Page): Promise<number> {
  const today = almatyDay()
  const { totals } = await (await Caller.of(owner)).get(`reports/revenue?from=${today}&to=${today}`)
  return Math.round(Number(totals.revenue) * 100)
}

test('the day: the doctor treats and signs, the cashier takes the money, the owner sees it come', async ({
  browser,
}) => {
  test.setTimeout(90_000)
  const doctor = await desk(browser, 'doctor1')
  const cashier = await desk(browser, 'desk')
  const owner = await desk(browser, 'owner')
  const { visit, patient } = await arrived(cashier, owner, doctor)
  const before = await revenue(owner)

  // The doctor finds the patient in the day's list and writes.
  await doctor.goto('/visits')
  await doctor
    .getByRole('row', { name: new RegExp(patient) })
    .last()
    .click()
  await doctor.goto(`/visits/${visit}`)
  await doctor.getByRole('button', { name: 'Начать приём' }).click()
  await expect(doctor.locator('.visit-head')).toContainText('На приёме')
  await section(doctor, 'Жалобы').fill('Боль от холодного справа вверху.')
  await section(doctor, 'Осмотр').fill('16: полость средней глубины.')
  await section(doctor, 'Рекомендации').focus()
  await saved(doctor)
  await doctor.reload()
  await expect(section(doctor, 'Жалобы')).toHaveValue('Боль от холодного справа вверху.')
  await expect(section(doctor, 'Осмотр')).toHaveValue('16: полость средней глубины.')

  await doctor
    .getByRole('button', { name: /Зуб для следующей записи/ })
    .first()
    .click()
  await doctor.getByRole('textbox', { name: 'Номер зуба' }).fill('16')
  await pick(doctor, 'Диагноз', 'K02.1')
  await expect(doctor.getByRole('region', { name: 'Диагнозы' })).toContainText('K02.1')
  await pick(doctor, 'Услуга', 'кариес')
  const works = doctor.getByRole('region', { name: 'Сделано' })
  await works.getByRole('textbox', { name: /^Скидка/ }).fill('10')
  await works.getByRole('textbox', { name: /^Кол/ }).fill('2')
  await doctor.keyboard.press('Tab')
  await saved(doctor)
  const total = digits(await doctor.locator('.sign-bar .total').innerText())

  await doctor.getByRole('button', { name: 'Подписать и закрыть' }).click()
  await doctor.getByRole('dialog').getByRole('button', { name: 'Подписать и закрыть' }).click()
  await expect(doctor.locator('.sign-bar')).toContainText('Подписано')
  await expect(section(doctor, 'Жалобы')).toHaveCount(0)
  const link = doctor.getByRole('link', { name: /^Счёт/ })
  const number = (await link.innerText()).replace('Счёт', '').trim()
  const invoice = new URL((await link.getAttribute('href'))!, doctor.url()).searchParams.get('invoice')!

  // The owner's screen stays as it is: nobody touches it again.
  await owner.goto('/cash')
  await expect(owner.locator('.frame-top')).toContainText('На связи')
  const line = owner.getByRole('row', { name: new RegExp(number) })
  await expect(line).toContainText('Не оплачен')

  // The cashier takes it, opening the shift from where it is needed.
  await cashier.goto(`/cash?invoice=${invoice}`)
  const pay = cashier.locator('form.pay')
  await pay.getByRole('button', { name: /^Принять/ }).click()
  const paid = cashier.getByText('Счёт оплачен полностью')
  const closed = pay.getByRole('button', { name: 'Открыть смену' })
  await expect(paid.or(closed)).toBeVisible()
  if (await closed.isVisible()) await closed.click()
  await expect(paid).toBeVisible()

  await expect(line).toContainText('Оплачен')
  await expect(line).not.toContainText('Не оплачен')
  const grown = ((await revenue(owner)) - before) / 100
  expect(String(grown).replace('.', ',')).toBe(total)
})

test('two at one visit: both texts stay until somebody chooses, and nothing typed is lost', async ({
  browser,
}) => {
  const doctor = await desk(browser, 'doctor1')
  const again = await desk(browser, 'doctor1')
  const registrar = await desk(browser, 'registrar')
  const owner = await desk(browser, 'owner')
  const { visit } = await arrived(registrar, owner, doctor)
  for (const page of [doctor, again]) await page.goto(`/visits/${visit}`)
  await expect(section(again, 'Жалобы')).toBeVisible()

  // Without a network the text waits on the screen.
  await doctor.context().setOffline(true)
  await section(doctor, 'Жалобы').fill('Моё')
  await expect(doctor.locator('.save-mark')).toContainText('Нет связи')
  await section(again, 'Жалобы').fill('Чужое')
  await section(again, 'Анамнез').fill('Две недели')
  await section(again, 'Заключение').focus()
  await saved(again)
  await doctor.context().setOffline(false)

  const conflict = doctor.locator('.conflict')
  await expect(conflict).toContainText('Чужое', { timeout: 20_000 })
  await expect(conflict).toContainText('Жалобы')
  await expect(section(doctor, 'Жалобы')).toHaveValue('Моё')
  await expect(section(doctor, 'Анамнез')).toHaveValue('Две недели')
  await conflict.getByRole('button', { name: 'Оставить моё' }).click()
  await expect(conflict).toHaveCount(0)
  await saved(doctor)
  await expect(section(again, 'Жалобы')).toHaveValue('Моё')
})
