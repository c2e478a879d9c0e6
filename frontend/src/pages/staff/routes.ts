import { IdCard } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/staff',
    name: 'staff',
    component: () => import('./StaffPage.vue'),
    meta: { title: 'staff.title', permission: 'staff:read', nav: { icon: IdCard, order: 9 } },
  },
] satisfies RouteRecordRaw[]
