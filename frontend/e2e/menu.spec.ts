import { expect, type Page } from '@playwright/test'
import { enter, test } from './support'
import { overflow, railOf, Watch } from './watch'

/** What each role finds in the rail. A page that is not there is closed by its address too. */
const MENUS: Record<string, string> = {
  owner: 'calendar patients visits confirm cash dashboard warehouse messages staff services settings',
  admin: 'calendar patients visits confirm cash warehouse messages staff services settings',
  manager: 'calendar patients visits confirm cash dashboard warehouse messages staff services settings',
  registrar: 'calendar patients visits confirm cash messages staff services',
  desk: 'calendar patients visits confirm cash messages staff services',
  cashier: 'calendar patients visits cash staff services',
  doctor1: 'calendar patients visits confirm cash dashboard warehouse messages staff services',
  assistant1: 'calendar patients visits warehouse staff services',
  nurse: 'calendar patients visits warehouse staff services',
  accountant: 'patients cash dashboard warehouse staff services',
  warehouse: 'warehouse staff services',
  marketer: 'patients messages staff services',
  callcenter: 'calendar patients confirm messages staff services',
  auditor: 'calendar patients visits cash dashboard warehouse messages staff services settings',
}
const PAGES = MENUS.owner!.split(' ')

const entry = (page: Page, name: string) => page.locator(`nav.rail a[href="/${name}"]`)

for (const [who, menu] of Object.entries(MENUS)) {
  test(`${who} finds his pages in the rail, all of them open, and no others`, async ({ page }) => {
    const watch = new Watch(page)
    await enter(page, who)
    const names = menu.split(' ')
    await expect.poll(() => railOf(page)).toEqual(names)

    for (const name of names) {
      await entry(page, name).click()
      await expect(entry(page, name)).toHaveAttribute('aria-current', 'page')
      await watch.settled()
      await expect(page.locator('#content')).not.toBeEmpty()
      await expect(page.locator('[role="alert"]'), `${name} shows no error`).toHaveCount(0)
      expect(await overflow(page), `${name} fits`).toBe(0)
    }
    const closed = PAGES.find((name) => !names.includes(name))
    if (closed) {
      await page.goto(`/${closed}`)
      await expect(page.locator('#content')).toContainText('Для этого раздела не хватает прав')
      await watch.settled()
    }
    expect(watch.complaints).toEqual([])
  })
}
