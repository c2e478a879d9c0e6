import { PhoneCall } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/confirm',
    name: 'confirm',
    component: () => import('./ConfirmPage.vue'),
    meta: { title: 'confirm.title', permission: 'appointments:status', nav: { icon: PhoneCall, order: 3.5 } },
  },
] satisfies RouteRecordRaw[]
