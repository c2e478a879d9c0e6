import { Package } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/warehouse',
    name: 'warehouse',
    component: () => import('./WarehousePage.vue'),
    meta: { title: 'warehouse.title', permission: 'stock:read', nav: { icon: Package, order: 7 } },
  },
] satisfies RouteRecordRaw[]
