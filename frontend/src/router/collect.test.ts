import { expect, test } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { collect, firstAllowed, mayOpen, navOf } from './collect'

const page = { template: '' }
const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: page, meta: { public: true } },
  {
    path: '/cash',
    name: 'cash',
    component: page,
    meta: { permission: 'payments:read', nav: { icon: page, order: 5 } },
  },
  {
    path: '/calendar',
    name: 'calendar',
    component: page,
    meta: { permission: 'appointments:read', nav: { icon: page, order: 1 } },
  },
  { path: '/profile', name: 'profile', component: page },
]

test('pages of the rail stand in their order and only inside the frame', () => {
  const { framed, open } = collect(routes)
  expect(open.map(({ name }) => name)).toEqual(['login'])
  expect(framed.map(({ path }) => path)).toEqual(['cash', 'calendar', 'profile'])
  expect(navOf(framed).map(({ name }) => name)).toEqual(['calendar', 'cash'])
})

test('one of several permissions is enough', () => {
  const may = (code: string) => code === 'payments:read'
  expect(mayOpen(['invoices:read', 'payments:read'], may)).toBe(true)
  expect(mayOpen('appointments:read', may)).toBe(false)
  expect(mayOpen(undefined, may)).toBe(true)
  expect(firstAllowed(navOf(routes), may)?.name).toBe('cash')
})
