import { expect } from '@playwright/test'
import { Caller, desk, enter, record, uniqueName, test } from './support'
import { Watch } from './watch'

test('a person of the other organisation finds nothing of ours', async ({ page, browser }) => {
  await enter(page, 'owner')
  const ours = await Caller.of(page)
  const name = uniqueName()
  const phone = `+7700${String(Date.now()).slice(-7)}`
  const made = await ours.post('patients', { last_name: name, first_name: 'Айгүл', phone })
  expect(made.status(), await made.text()).toBe(201)
  const patient = (await made.json()).id
  const { appointment, visit, invoice } = await record(ours)
  expect((await ours.get(`patients?q=${encodeURIComponent(name)}`)).total).toBe(1)

  const stranger = await desk(browser, 'plus.owner')
  const watch = new Watch(stranger)
  for (const wanted of [name, phone]) {
    await stranger.keyboard.press('Control+k')
    await stranger.getByRole('dialog').getByRole('combobox').fill(wanted)
    await expect(stranger.getByRole('dialog')).toContainText('Ничего не нашлось')
    await stranger.goto(`/patients?q=${encodeURIComponent(wanted)}`)
    await watch.settled()
    await expect(stranger.getByRole('main')).toContainText('По этим условиям ничего нет')
  }
  expect(watch.complaints).toEqual([])

  const gone = [
    `/patients/${patient}`,
    `/visits/${visit}`,
    `/calendar?appointment=${appointment}`,
    `/cash?invoice=${invoice}`,
  ]
  const own = new Watch(page)
  const found = async (address: string) => {
    await page.goto(address)
    await own.settled()
    await expect(page.getByRole('alert')).toHaveCount(0)
  }
  const notFound = async (address: string) => {
    await stranger.goto(address)
    await watch.settled()
    await expect(stranger.getByRole('alert')).toContainText('Не нашлось')
  }
  for (const address of gone) await Promise.all([found(address), notFound(address)])
  expect(own.complaints).toEqual([])
  expect(watch.complaints.filter((one) => !one.includes('404'))).toEqual([])
  expect((await Promise.all(watch.told)).join(' ')).not.toContain(name)
})
