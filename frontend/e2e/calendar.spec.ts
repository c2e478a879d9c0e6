import { expect } from '@playwright/test'
import { book, busyDay, clickAt, drag, emptyDay, fill, openDay, point, toast } from './grid'
import { accessible } from './readers'
import { Caller, desk, enter, test } from './support'

test('a card is carried, pulled and taken back', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const card = await book(page, 0, '10:00')
  await drag(page, card, await point(page, 1, '11:00'))
  const carried = page.locator('[data-column="1"] [data-id]')
  await expect(carried).toHaveAttribute('aria-label', /^11:00–11:30/)
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await drag(page, carried, await point(page, 1, '12:00'), true)
  await expect(carried).toHaveAttribute('aria-label', /^11:00–12:00/)
  await toast(page, 'Длительность').getByRole('button', { name: 'Вернуть' }).click()
  await expect(carried).toHaveAttribute('aria-label', /^11:00–11:30/)
})

test('a move over taken time goes back, and the nearest free time is one press away', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await book(page, 0, '10:00')
  const other = await book(page, 0, '12:00', 'ким')
  await drag(page, other, await point(page, 0, '10:00'))
  const dialog = page.locator('dialog[open]')
  await expect(dialog).toContainText('Это время уже занято')
  await expect(dialog.getByPlaceholder('Причина записи поверх')).toHaveCount(0)
  await expect(other).toHaveAttribute('aria-label', /^12:00/)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await expect(other).toHaveAttribute('aria-label', /^12:00/)
  // By the keys: the first of the free times has the focus.
  await other.focus()
  await page.keyboard.press('m')
  for (let step = 0; step < 24; step++) await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  const first = dialog.locator('.times button').first()
  await expect(first).toBeFocused()
  const [begins] = (await first.innerText()).split('–')
  await page.keyboard.press('Enter')
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await expect(page.locator('[data-id]', { hasText: 'Ким' })).toHaveAttribute(
    'aria-label',
    new RegExp(`^${begins}`),
  )
})

test('a canceled one comes back to another time when its own is taken', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const card = await book(page, 0, '10:00')
  await card.click()
  const drawer = page.getByRole('dialog').first()
  await drawer.getByRole('button', { name: 'Отменить' }).click()
  await drawer.getByRole('button', { name: 'Заболел' }).click()
  await drawer.getByRole('button', { name: 'Отменить запись' }).click()
  await expect(drawer).toContainText('Отменил пациент: Заболел')
  await page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  await clickAt(page, 0, '11:00')
  await fill(page, 'ким')
  await drawer.getByLabel('Начало').fill('10:00')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('[data-id]')).toHaveCount(2)
  await page.locator('[data-id][aria-label*="Отмен"]').click()
  await drawer.getByRole('button', { name: 'Восстановить' }).click()
  const offered = page.locator('dialog[open]')
  await offered.locator('.times button').first().click()
  await expect(offered).toHaveCount(0)
  await expect(page.locator('[data-id][aria-label*="Записан"]')).toHaveCount(2)
})

test('who cancels keeps the patient on the waiting list, and undo takes him off it', async ({ page }) => {
  await enter(page, 'registrar')
  const day = await emptyDay(page)
  await openDay(page, day)
  const card = await book(page, 0, '10:00')
  await card.click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Отменить' }).click()
  await drawer.getByRole('button', { name: 'Не может прийти' }).click()
  await drawer.getByLabel('В лист ожидания').check()
  await drawer.getByRole('button', { name: 'Отменить запись' }).click()
  const caller = await Caller.of(page)
  const [branch] = (await caller.get('auth/me')).branches
  const waits = async () =>
    (await caller.get(`calendar/waiting?branch=${branch.id}&size=200`)).items.filter(
      ({ was_at }: { was_at: string | null }) => was_at?.startsWith(day),
    )
  const told = toast(page, 'в листе ожидания')
  await expect(told).toBeVisible()
  await expect.poll(waits).toHaveLength(1)
  await told.getByRole('button', { name: 'Вернуть' }).click()
  await expect(card).toHaveAttribute('aria-label', /Записан/)
  await expect.poll(waits).toHaveLength(0)
})

test('the keyboard alone books, moves and opens', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await page.locator('.area').focus()
  await expect(page.locator('[data-cursor]')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await fill(page, 'ахм')
  await page.keyboard.press('Control+Enter')
  const card = page.locator('[data-id]')
  await expect(card).toHaveCount(1)
  const before = (await card.getAttribute('aria-label'))!.slice(0, 5)
  await card.focus()
  await page.keyboard.press('m')
  for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-column="1"] [data-id]')).toHaveCount(1)
  await expect(card).not.toHaveAttribute('aria-label', new RegExp(`^${before}`))
  await expect(toast(page, 'Перенесено')).toBeVisible()
  await expect(card).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText('№')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Alt+ArrowRight')
  await expect(card).toHaveCount(0)
  await page.keyboard.press('t')
  await expect(page).toHaveURL(/\/calendar$/)
})

test('confirmed, arrived, taken back, canceled with a reason, restored', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const card = await book(page, 0, '10:00')
  await card.click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Подтвердить' }).click()
  await expect(card).toHaveAttribute('aria-label', /Подтверждён/)
  await drawer.getByRole('button', { name: 'Отменить' }).click()
  await drawer.getByRole('button', { name: 'Заболел' }).click()
  await drawer.getByRole('button', { name: 'Отменить запись' }).click()
  await expect(drawer).toContainText('Отменил пациент: Заболел')
  await drawer.getByRole('button', { name: 'Восстановить' }).click()
  await expect(card).toHaveAttribute('aria-label', /Записан/)
  await expect(page).toHaveURL(/appointment=/)
  await page.goBack()
  await expect(drawer).toHaveCount(0)
})

test('a new patient is registered inside the booking, a look-alike is offered', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  const phone = `+7701${String(Date.now()).slice(-7)}`
  for (const [clock, name] of [
    ['10:00', 'Пробина Анна'],
    ['11:00', 'Пробина Жанна'],
  ] as const) {
    await clickAt(page, 0, clock)
    await expect(page.getByRole('combobox', { name: 'Поиск пациента' })).toBeFocused()
    await page.keyboard.type(name)
    await page.getByRole('button', { name: /Новый пациент/ }).click()
    await page.getByRole('textbox', { name: 'Телефон' }).fill(phone)
    await page.getByRole('button', { name: 'Завести карту' }).click()
    if (name === 'Пробина Жанна') {
      await expect(page.locator('.alike')).toContainText('Пробина Анна')
      await page.getByRole('button', { name: 'Это он' }).click()
    }
    await expect(page.locator('div.chosen')).toContainText('Пробина Анна')
    await page.keyboard.press('Control+Enter')
    await expect(page.locator('[data-column="0"] [data-id]', { hasText: clock })).toBeVisible()
  }
})

test('a break is placed and removed', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await emptyDay(page))
  await page.keyboard.press('b')
  await page.getByLabel('Причина').fill('Совещание')
  await page.keyboard.press('Control+Enter')
  const pause = page.locator('[data-pause]', { hasText: 'Совещание' })
  await expect(pause).toBeVisible()
  await pause.click()
  await page.getByRole('button', { name: 'Убрать перерыв' }).click()
  await expect(pause).toHaveCount(0)
})

test('a doctor sees his own day and books nobody', async ({ page }) => {
  await enter(page, 'doctor1')
  await page.goto('/calendar')
  await expect(page.locator('[data-column], .state').first()).toBeVisible()
  expect(await page.locator('[data-column]').count()).toBeLessThanOrEqual(1)
  await expect(page.getByRole('button', { name: /Записать/ })).toHaveCount(0)
})

test('on a phone the day is a list: of a doctor, of a chair, of the whole branch', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await enter(page, 'registrar')
  await page.goto('/calendar')
  for (const whose of ['Врач', 'Кресло', 'Филиал']) {
    await page.getByRole('button', { name: whose, exact: true }).click()
    await expect(page.getByRole('button', { name: whose, pressed: true })).toBeVisible()
    await expect(page.locator('.lines, .state').first()).toBeVisible()
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
    await accessible(page, { serious: true })
  }
})

test('on a phone kept hours are marked, and everybody is listed by time', async ({ browser }) => {
  const page = await desk(browser, 'registrar', { viewport: { width: 390, height: 844 } })
  const caller = await Caller.of(page)
  const day = await emptyDay(page)
  const branch = (await caller.get('auth/me')).branches[0].id
  const weekdays = [new Date(day).getUTCDay() || 7]
  const rule = {
    branch,
    weekdays,
    starts: '10:00',
    ends: '11:00',
    kind: 'urgent',
    reason: 'Для школы',
    valid_from: day,
    valid_to: day,
  }
  const placed = await caller.post('calendar/reserves', rule)
  expect(placed.status()).toBe(201)
  try {
    await page.goto(`/calendar?date=${day}`)
    const kept = page.locator('.is-reserve', { hasText: 'Резерв: Для школы' })
    await expect(kept).toHaveCount(1)
    await expect(page.locator('.is-free .kept.urgent', { hasText: '60 мин' }).first()).toBeVisible()
    await page.getByRole('button', { name: 'Филиал', exact: true }).click()
    await expect(page.locator('.is-free')).toHaveCount(0)
    await expect(kept).toHaveCount(1)
  } finally {
    // The day stays as empty as it was, for the other journeys.
    expect((await caller.remove(`calendar/reserves/${(await placed.json()).id}`)).status()).toBe(204)
  }
})

test('readers find no serious fault in the day, the drawer and the form', async ({ page }) => {
  await enter(page, 'registrar')
  await openDay(page, await busyDay(page))
  await accessible(page, { serious: true })
  await page.locator('[data-id]').first().click()
  await expect(page.getByRole('dialog').locator('.steps')).toBeVisible()
  await accessible(page, { serious: true })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('n')
  await expect(page.getByRole('combobox', { name: 'Поиск пациента' })).toBeFocused()
  await accessible(page, { serious: true })
})
