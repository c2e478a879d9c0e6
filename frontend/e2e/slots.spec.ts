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
