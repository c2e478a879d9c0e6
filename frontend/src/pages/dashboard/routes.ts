import { ChartColumn } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/dashboard',
    name: 'dashboard',
    component: () => import('./DashboardPage.vue'),
    meta: { title: 'dashboard.title', permission: 'ledger:read', nav: { icon: ChartColumn, order: 6 } },
  },
] satisfies RouteRecordRaw[]
