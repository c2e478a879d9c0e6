import { MessageSquare } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/messages',
    name: 'messages',
    component: () => import('./MessagesPage.vue'),
    meta: {
      title: 'messages.title',
      permission: ['messages:read', 'templates:read'],
      nav: { icon: MessageSquare, order: 8 },
    },
  },
] satisfies RouteRecordRaw[]
