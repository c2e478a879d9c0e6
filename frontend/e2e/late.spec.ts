import { expect, type Browser, type Locator, type Page } from '@playwright/test'
import { toast } from './grid'
import { Caller, desk, uniqueName, test } from './support'

const MINUTE = 60_000

/** What a journey has put into the day of today goes again: other journeys look at that day, too. */
const left: (() => Promise<void>)[] = []
test.afterEach(async () => {
  for (const clear of left.splice(0)) await clear()
})

async function clearAway(manager: Caller, id: string): Promise<void> {
  const { version, allowed } = await manager.get(`calendar/appointments/${id}`)
  if (!allowed.includes('canceled')) return
  const body = { version, by: 'clinic', code: 'mistake' }
  expect((await manager.post(`calendar/appointments/${id}/cancel`, body)).ok()).toBe(true)
}

/** A doctor whom nobody has booked, at work all the week: the journeys do not depend on how full today is. */
async function newDoctor(manager: Caller, branch: string): Promise<string> {
  const positions = (await manager.get('staff/positions?size=100')).items as { id: string; treats: boolean }[]
  const position = positions.find(({ treats }) => treats)!.id
  const person = { last_name: `Яр${uniqueName()}`, first_name: 'Әсет', position, branches: [branch] }
  const made = await manager.post('staff/employees', person)
  expect(made.status(), await made.text()).toBe(201)
  const { id, version } = (await made.json()) as { id: string; version: number }
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) {
    const hours = { employee: id, branch, weekday, starts: '00:00', ends: '23:55', valid_from: '2020-01-01' }
    const shift = await manager.post('staff/shifts', hours)
    expect(shift.status(), await shift.text()).toBe(201)
  }
  left.push(async () => {
    expect((await manager.patch(`staff/employees/${id}`, { version, is_active: false })).ok()).toBe(true)
  })
  return id
}

/** Somebody nobody knows yet, booked for a while ago. */
async function awaited({ manager, branch, doctor }: Clinic, ago: number, minutes: number) {
  const name = uniqueName()
  const phone = `+7701${String(Date.now()).slice(-7)}`
  const person = await manager.post('patients', { last_name: name, first_name: 'Айгүл', phone })
  expect(person.status(), await person.text()).toBe(201)
  const patient = (await person.json()).id as string
  const starts = Math.floor(Date.now() / MINUTE - ago) * MINUTE
  const [starts_at, ends_at] = [starts, starts + minutes * MINUTE].map((at) => new Date(at).toISOString())
  const place = { branch, patient, employee: doctor, starts_at, ends_at }
  const made = await manager.post('calendar/appointments', place)
  expect(made.status(), await made.text()).toBe(201)
  const { id } = (await made.json()) as { id: string }
  left.unshift(() => clearAway(manager, id))
  return { name, patient, id }
}

interface Clinic {
  manager: Caller
  branch: string
  doctor: string
}

/** Around midnight a while ago is of another day: until the journey is over the branch lives where it is noon. */
async function daytime(browser: Browser, branch: string): Promise<void> {
  const now = new Date()
  const hour = Number(now.toLocaleTimeString('ru-RU', { timeZone: 'Asia/Almaty' }).slice(0, 2))
  if (hour >= 2 && hour < 20) return
  const owner = await Caller.of(await desk(browser, 'owner'))
  const address = `org/branches/${branch}`
  const live = async (timezone: string) => {
    const { version } = await owner.get(address)
    expect((await owner.patch(address, { version, timezone })).ok()).toBe(true)
  }
  const east = 12 - now.getUTCHours()
  await live(`Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`)
  left.push(() => live('Asia/Almaty'))
}

/** The branch as its manager has it, with a doctor of the journey's own. */
async function clinicOf(browser: Browser): Promise<Clinic> {
  const manager = await Caller.of(await desk(browser, 'manager'))
  const [branch] = (await manager.get('auth/me')).branches
  await daytime(browser, branch.id)
  return { manager, branch: branch.id, doctor: await newDoctor(manager, branch.id) }
}

const card = (page: Page, id: string) => page.locator(`[data-column] [data-id="${id}"]`)
/** The list is short until one asks for the rest. */
async function proposals(page: Page): Promise<Locator> {
  const list = page.getByRole('region', { name: 'Не пришли?' })
  await expect(list).toBeVisible()
  const more = list.getByRole('button', { name: /^ещё/ })
  if (await more.count()) await more.click()
  return list
}

const proposal = (page: Page, id: string) => page.locator(`[data-missed="${id}"]`)

test('who is late is shown so, and who did not come is proposed, said and taken back with a click', async ({
  browser,
}) => {
  const clinic = await clinicOf(browser)
  const late = await awaited(clinic, 18, 60)
  const gone = await awaited(clinic, 50, 20)
  const mine = await desk(browser, 'registrar')
  await mine.goto('/calendar')

  await expect(card(mine, late.id)).toHaveClass(/\blate\b/)
  await expect(card(mine, late.id)).toHaveAttribute('aria-label', /, опаздывает$/)
  await expect(card(mine, late.id).locator('use[href="#mk-late"]')).toBeAttached()
  const side = mine.getByRole('complementary', { name: 'Месяц и итоги дня' })
  await expect(side.locator('.line', { hasText: /опаздывает, \d+ мин/ }).first()).toBeVisible()
  await expect(proposal(mine, late.id)).toHaveCount(0)

  await expect(card(mine, gone.id)).toHaveAttribute('aria-label', /, не пришёл\?$/)
  await expect(side.locator('.line', { hasText: gone.name })).toHaveCount(0)
  await proposals(mine)
  await proposal(mine, gone.id).getByRole('button', { name: 'Не пришёл' }).click()
  await expect(proposal(mine, gone.id)).toHaveCount(0)
  await expect(card(mine, gone.id)).toHaveClass(/s-no_show/)
  await toast(mine, gone.name).getByRole('button', { name: 'Вернуть' }).click()
  await expect(card(mine, gone.id)).toHaveClass(/s-booked/)

  await proposal(mine, gone.id).getByRole('button', { name: 'Пришёл', exact: true }).click()
  await expect(card(mine, gone.id)).toHaveClass(/s-arrived/)
})

test('several are marked in one step, whoever has come meanwhile is named, and one step takes it back', async ({
  browser,
}) => {
  const clinic = await clinicOf(browser)
  const two = [await awaited(clinic, 40, 15), await awaited(clinic, 70, 15)]
  const refused = await awaited(clinic, 55, 10)
  const mine = await desk(browser, 'registrar')
  await mine.goto('/calendar')
  const list = await proposals(mine)
  for (const { id } of [...two, refused]) await expect(proposal(mine, id)).toBeVisible()
  const count = await list.locator('[data-missed]').count()

  await list.getByRole('button', { name: 'Отметить всех' }).click()
  const asked = mine.getByRole('dialog', { name: new RegExp(`: ${count} запис`) })
  await expect(asked).toContainText(two[0]!.name)
  const came = { version: 1, status: 'arrived' }
  expect((await clinic.manager.post(`calendar/appointments/${refused.id}/status`, came)).ok()).toBe(true)
  await expect(card(mine, refused.id)).toHaveClass(/s-arrived/)
  await asked.getByRole('button', { name: 'Отметить всех' }).click()

  const done = toast(mine, `Отмечено «не пришёл»: ${count - 1}`)
  await expect(done).toBeVisible()
  await expect(toast(mine, 'Не отмечены')).toContainText(refused.name)
  for (const { id } of two) await expect(card(mine, id)).toHaveClass(/s-no_show/)
  await expect(card(mine, refused.id)).toHaveClass(/s-arrived/)
  await expect(list.locator('[data-missed]')).toHaveCount(0)

  await done.getByRole('button', { name: 'Вернуть' }).click()
  for (const { id } of two) await expect(card(mine, id)).toHaveClass(/s-booked/)
})

test('another time with two keys: the first free one of his doctor, the old one marked, both know of each other', async ({
  browser,
}) => {
  const clinic = await clinicOf(browser)
  const late = await awaited(clinic, 20, 60)
  const [mine, theirs] = [await desk(browser, 'registrar'), await desk(browser, 'registrar2')]
  for (const page of [mine, theirs]) await page.goto('/calendar')
  await expect(card(theirs, late.id)).toHaveClass(/\blate\b/)
  await expect(card(mine, late.id)).toBeVisible()

  await card(mine, late.id).focus()
  await mine.keyboard.press('r')
  const form = mine.getByRole('dialog', { name: 'Перезапись' })
  await expect(form).toContainText(late.name)
  await expect(form.getByRole('checkbox', { name: /Отметить прежнюю запись/ })).toBeChecked()
  await expect(form.locator('.save')).toBeFocused()
  const [clock, day] = [
    await form.getByLabel('Начало').inputValue(),
    await form.getByLabel(/^Дата/).inputValue(),
  ]
  await mine.keyboard.press('Enter')

  await expect(form).toHaveCount(0)
  await expect(toast(mine, 'Прежняя запись: не пришёл')).toContainText(`${day} ${clock}`)
  await expect(card(theirs, late.id)).toHaveClass(/s-no_show/)

  await card(theirs, late.id).click()
  const drawer = theirs.getByRole('dialog').first()
  await drawer.getByText('История').click()
  await expect(drawer.getByRole('listitem').filter({ hasText: 'Перезаписан: на' })).toContainText(clock)
  await drawer.getByRole('link', { name: `на ${day}` }).click()
  await expect(drawer).toContainText(/Перезапись с \d\d\.\d\d\.\d{4}/)
  await expect(drawer).toContainText(`${clock}–`)
})

test('who comes in while he is being rebooked is not marked absent', async ({ browser }) => {
  const clinic = await clinicOf(browser)
  const late = await awaited(clinic, 20, 60)
  const mine = await desk(browser, 'registrar')
  await mine.goto(`/calendar?book=rebook~${late.id}`)
  const form = mine.getByRole('dialog', { name: 'Перезапись' })
  await expect(form.locator('.save')).toBeFocused()
  const came = await clinic.manager.post(`calendar/appointments/${late.id}/status`, {
    version: 1,
    status: 'arrived',
  })
  expect(came.status()).toBe(200)
  await mine.keyboard.press('Enter')

  await form.locator('.stale').getByRole('button').last().click()
  await expect(form).toContainText('Перезаписать можно только того, кто не пришёл')
  await expect(form).toContainText('Пришёл')
  await expect(form.getByRole('checkbox', { name: /Отметить прежнюю/ })).toHaveCount(0)
})

test('on a phone the same is a tap away', async ({ browser }) => {
  const clinic = await clinicOf(browser)
  const gone = await awaited(clinic, 50, 20)
  const page = await desk(browser, 'registrar', { viewport: { width: 390, height: 844 } })
  await page.goto('/calendar?by=branch')
  const entry = page.locator('.entry', { hasText: gone.name })
  await expect(entry).toContainText('не пришёл?')

  await page.getByRole('button', { name: /Не пришли\?/ }).click()
  await proposal(page, gone.id).getByRole('button', { name: 'Перезаписать' }).click()
  const form = page.getByRole('dialog', { name: 'Перезапись' })
  await expect(form).toContainText(gone.name)
  await form.locator('.save').click()
  await expect(toast(page, 'Прежняя запись: не пришёл')).toBeVisible()
  await expect(page.locator('.missed-notice', { hasText: '1' })).toHaveCount(0)
})
