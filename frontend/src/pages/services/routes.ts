import { ClipboardList } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/services',
    name: 'services',
    component: () => import('./ServicesPage.vue'),
    meta: { title: 'services.title', permission: 'services:read', nav: { icon: ClipboardList, order: 10 } },
  },
] satisfies RouteRecordRaw[]
