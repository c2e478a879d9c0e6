import { expect } from '@playwright/test'
import { book, drag, emptyDay, openDay, point, toast } from './grid'
import { Caller, desk, uniqueName, test } from './support'

test('a cancellation is offered to who waits, best first, and booked; the other desk sees it', async ({
  browser,
}) => {
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  const day = await emptyDay(mine)
  const caller = await Caller.of(mine)
  const [branch] = (await caller.get('auth/me')).branches
  const people = (await caller.get('patients?size=2&q=оспан')).items as { id: string }[]
  const name = uniqueName()
  const [usual, urgent] = [`${name} обычный`, `${name} первый`]
  for (const [index, comment] of [usual, urgent].entries()) {
    const wishes = {
      first_date: day,
      last_date: day,
      windows: ['morning'],
      priority: 1 + index,
      is_urgent: index === 1,
    }
    const body = { branch: branch.id, patient: people[index]!.id, minutes: 30, comment, ...wishes }
    expect((await caller.post('calendar/waiting', body)).status()).toBe(201)
  }
  for (const page of [mine, theirs]) await openDay(page, day)
  const card = await book(mine, 0, '10:00', 'ахм')
  await card.click()

  const drawer = mine.getByRole('dialog').first()
  await drawer.getByRole('button', { name: /Отменить/ }).click()
  await drawer.getByRole('button', { name: 'Заболел' }).click()
  await drawer.getByRole('button', { name: 'Отменить запись' }).click()

  await drawer.getByRole('button', { name: /Освободилось время: подход/ }).click()
  const freed = mine.getByRole('dialog', { name: 'Освободилось время' })
  const rows = freed.locator('[data-candidate]')
  await expect(rows.filter({ hasText: usual })).toBeVisible()
  await expect(rows.first()).toContainText(urgent)
  await expect(rows.first()).toContainText(/Острая боль.*В первую очередь/)
  await expect(rows.first()).toContainText('Просил утром')
  await expect(rows.first().locator('a[href^="tel:"]')).toBeVisible()

  await rows.first().getByRole('button', { name: 'Предложить' }).click()
  await expect(freed.locator('.asked')).toContainText(/Держим до \d\d:\d\d/)
  await freed.locator('.asked').getByRole('button', { name: 'Отказ' }).click()
  await expect(rows.filter({ hasText: urgent })).toHaveCount(0)
  await rows.filter({ hasText: usual }).getByRole('button', { name: 'Предложить' }).click()
  await expect(freed.locator('.asked')).toContainText(usual)
  await freed.locator('.asked').getByRole('button', { name: 'Записать' }).click()

  await expect(freed).toHaveCount(0)
  await expect(drawer.getByRole('button', { name: /Освободилось время/ })).toHaveCount(0)
  const came = theirs
    .locator('[data-column="0"] [data-id]', { hasText: '10:00' })
    .filter({ hasText: /оспан/i })
  await expect(came).toBeVisible()
})

test('a place that an appointment was carried away from is offered too, until the move is taken back', async ({
  browser,
}) => {
  const page = await desk(browser, 'registrar')
  const day = await emptyDay(page)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const [somebody] = (await caller.get('patients?size=1&q=оспан')).items as { id: string }[]
  const comment = uniqueName()
  const body = {
    branch: branch.id,
    patient: somebody!.id,
    minutes: 30,
    comment,
    first_date: day,
    last_date: day,
    windows: ['morning'],
  }
  expect((await caller.post('calendar/waiting', body)).status()).toBe(201)
  await openDay(page, day)
  const card = await book(page, 0, '10:00', 'ахм')
  const hint = toast(page, 'Освободилось 10:00–10:30')

  await drag(page, card, await point(page, 0, '14:00'))
  await expect(hint).toContainText(/подход.т \d/)
  await toast(page, 'перенес').getByRole('button', { name: 'Вернуть' }).click()
  await expect(hint).toHaveCount(0)

  await drag(page, card, await point(page, 0, '14:00'))
  await hint.getByRole('button', { name: 'Показать' }).click()
  const freed = page.getByRole('dialog', { name: 'Освободилось время' })
  await expect(freed.locator('[data-candidate]', { hasText: comment })).toBeVisible()
})

test('a time that is gone says who has got it, not that it fits nobody', async ({ browser }) => {
  const page = await desk(browser, 'registrar')
  const day = await emptyDay(page)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const query = `branch=${branch.id}&from=${day}&to=${day}&limit=1`
  const { employee, chair, starts_at, ends_at } = (await caller.get(`calendar/slots?${query}`)).items[0]
  const [somebody] = (await caller.get('patients?size=1&q=ким')).items as { id: string; last_name: string }[]
  const body = { branch: branch.id, patient: somebody!.id, employee, chair, starts_at, ends_at }
  await page.goto(
    `/calendar?date=${day}&freed=${[branch.id, employee, starts_at, ends_at, chair].map(encodeURIComponent).join('~')}`,
  )
  const freed = page.getByRole('dialog', { name: 'Освободилось время' })
  await expect(freed).toBeVisible()

  expect((await caller.post('calendar/appointments', body)).status()).toBe(201)

  await expect(freed.getByText('Время уже занято')).toBeVisible()
  await expect(freed).toContainText(somebody!.last_name)
})

test('who waits is given a time in the chair where his doctor works that day', async ({ browser }) => {
  const page = await desk(browser, 'registrar')
  const day = await emptyDay(page)
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const query = `branch=${branch.id}&from=${day}&to=${day}&limit=1`
  const { employee, chair } = (await caller.get(`calendar/slots?${query}`)).items[0]
  const [somebody] = (await caller.get('patients?size=1&q=оспан')).items as { id: string }[]
  const wanted = { branch: branch.id, patient: somebody!.id, employee, minutes: 30 }
  const entry = await (await caller.post('calendar/waiting', wanted)).json()

  await page.goto(`/calendar?date=${day}&give=${entry.id}`)
  const form = page.getByRole('dialog')
  await form.locator('.free .tag').first().click()
  await form.getByRole('button', { name: 'Записать' }).click()

  await expect(form).toHaveCount(0)
  const booked = (await caller.get(`calendar/waiting?branch=${branch.id}&status=scheduled&size=200`)).items
  const { scheduled_id } = booked.find((one: { id: string }) => one.id === entry.id)
  expect((await caller.get(`calendar/appointments/${scheduled_id}`)).chair_id).toBe(chair)
})

test('somebody who can come any day is put on the waiting list with the form, and his wishes change in it', async ({
  browser,
}) => {
  const page = await desk(browser, 'registrar')
  const comment = uniqueName()
  await page.goto('/calendar?waiting=1&waiter=new')
  const form = page.getByRole('dialog')
  await form.getByRole('combobox').first().fill('оспан')
  await form.getByRole('option', { name: /Оспан/ }).first().click()
  await form.getByRole('textbox', { name: 'Пожелания' }).fill(comment)
  await form.getByRole('button', { name: 'Сохранить' }).click()
  await expect(form).toHaveCount(0)

  const entry = page.locator('[data-waiting]', { hasText: comment })
  await entry.getByRole('button').first().click()
  await page.getByRole('menuitem', { name: 'Изменить' }).click()
  await form.getByRole('textbox', { name: 'Пожелания' }).fill(`${comment} после шести`)
  await form.getByRole('button', { name: 'Сохранить' }).click()

  await expect(entry).toContainText('после шести')
})
