import { Wallet } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/cash',
    name: 'cash',
    component: () => import('./CashPage.vue'),
    meta: {
      title: 'cash.title',
      permission: ['invoices:read', 'shifts:read'],
      nav: { icon: Wallet, order: 5 },
    },
  },
] satisfies RouteRecordRaw[]
