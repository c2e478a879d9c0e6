import { CalendarDays } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/calendar',
    name: 'calendar',
    component: () => import('./CalendarPage.vue'),
    meta: { title: 'calendar.title', permission: 'appointments:read', nav: { icon: CalendarDays, order: 1 } },
  },
] satisfies RouteRecordRaw[]
