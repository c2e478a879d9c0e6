import { expect } from '@playwright/test'
import { Caller, desk, test } from './support'

test('from a patient’s card the first free time is three keystrokes away', async ({ browser }) => {
  const page = await desk(browser, 'registrar')
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const patients = (await caller.get('patients?size=30&q=ким')).items as { id: string }[]
  const patient = patients[0]!.id
  await page.goto(`/patients/${patient}`)
  await expect(page.getByRole('button', { name: 'Ближайшее время' })).toBeVisible()

  await page.keyboard.press('f')
  const list = page.getByRole('dialog', { name: 'Ближайшее время' })
  await expect(list.getByRole('button', { name: /\d\d:\d\d–\d\d:\d\d/ }).first()).toBeFocused()
  const first = await list
    .getByRole('button', { name: /\d\d:\d\d–\d\d:\d\d/ })
    .first()
    .innerText()
  await page.keyboard.press('Enter')

  const form = page.getByRole('dialog', { name: 'Новая запись' })
  await expect(form.getByText(/Время держим за вами до/)).toBeVisible()
  await expect(form.getByRole('button', { name: 'Записать', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')

  await expect(page.getByText(/Записан/).first()).toBeVisible()
  await expect(form).toHaveCount(0)
  const next = await caller.get(`calendar/patients/${patient}/appointments?when=next&size=50`)
  const clock = /\d\d:\d\d/.exec(first)![0]
  const at = (moment: string) =>
    new Date(moment).toLocaleTimeString('ru', {
      timeZone: branch.timezone,
      hour: '2-digit',
      minute: '2-digit',
    })
  expect(next.items.map((one: { starts_at: string }) => at(one.starts_at))).toContain(clock)
})

test('a time that one desk is filling in is not offered to another', async ({ browser }) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  for (const page of [mine, theirs]) {
    await page.goto('/calendar?book=new')
    const form = page.getByRole('dialog', { name: 'Новая запись' })
    await form.getByRole('button', { name: 'Первое свободное время' }).click()
    await expect(form.locator('.soon .slot').first()).toBeVisible()
  }
  const slot = mine.locator('.soon .slot').first()
  const taken = await slot.innerText()
  await slot.click()
  await expect(mine.getByText(/Время держим за вами до/)).toBeVisible()
  await expect(
    theirs
      .locator('.soon .slot', { hasText: taken.split('\n')[0]! })
      .filter({ hasText: taken.split('\n')[1]! }),
  ).toHaveCount(0)

  await mine.keyboard.press('Escape')
  await mine
    .getByRole('dialog')
    .getByRole('button', { name: /Не сохранять|Закрыть без/ })
    .click()

  await expect(theirs.locator('.soon .slot', { hasText: taken.split('\n')[0]! }).first()).toBeVisible()
})

test('a day that is full answers with times of the next days, and one press books there', async ({
  browser,
}) => {
  const page = await desk(browser, 'registrar')
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const [first, last] = [20, 48].map((ahead) =>
    new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10),
  )
  const room = async (more: string) =>
    (await caller.get(`calendar/slots?branch=${branch.id}&minutes=240&limit=1&${more}`)).items[0]
  const { day, employee, chair } = await room(`from=${first}&to=${last}`)
  const patients = (await caller.get('patients?size=30&q=ким')).items as { id: string }[]
  const patient = patients.at(-1)!.id
  const of = () => room(`employee=${employee}&from=${day}&to=${day}`)
  for (let slot = await of(), one = 0; slot; slot = await of(), one++) {
    const { starts_at, ends_at } = slot
    const body = { branch: branch.id, patient: patients[one]!.id, employee, chair, starts_at, ends_at }
    expect((await caller.post('calendar/appointments', body)).status()).toBe(201)
  }
  await page.goto(`/calendar?date=${day}&book=10:00-240~${employee}~${chair}~${patient}`)
  const form = page.getByRole('dialog', { name: 'Новая запись' })
  await expect(form.getByText('№')).toBeVisible()
  await form.getByRole('button', { name: 'Записать', exact: true }).click()

  const free = form
    .getByRole('alert')
    .getByRole('button', { name: /^\d\d\.\d\d\.\d{4} \d\d:\d\d–\d\d:\d\d$/ })
  const [date] = (await free.first().innerText()).split(' ')
  expect(date).not.toBe(day.split('-').reverse().join('.'))
  await free.first().click()

  await expect(form).toHaveCount(0)
  const next = (await caller.get(`calendar/patients/${patient}/appointments?when=next&size=50`)).items
  const days = next.map((one: { starts_at: string }) =>
    new Date(one.starts_at).toLocaleDateString('ru', { timeZone: branch.timezone }),
  )
  expect(days).toContain(date)
})

test('a form that is left open says when its time is kept no longer', async ({ browser }) => {
  const page = await desk(browser, 'registrar')
  await page.clock.install()
  await page.goto('/calendar?book=new')
  const form = page.getByRole('dialog', { name: 'Новая запись' })
  await form.getByRole('button', { name: 'Первое свободное время' }).click()
  await form.locator('.soon .slot').first().click()
  await expect(form.getByText(/Время держим за вами до/)).toBeVisible()

  await page.clock.fastForward('06:00')

  await expect(form.getByText(/Время держали до \d\d:\d\d/)).toBeVisible()
  await expect(form.getByText(/Время держим за вами/)).toHaveCount(0)
})
