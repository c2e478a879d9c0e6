import { Settings } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/settings/:section?',
    name: 'settings',
    component: () => import('./SettingsPage.vue'),
    meta: {
      title: 'settings.title',
      permission: ['settings:read', 'structure:write', 'users:read'],
      nav: { icon: Settings, order: 11 },
    },
  },
] satisfies RouteRecordRaw[]
