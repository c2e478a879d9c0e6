import { Stethoscope } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/visits',
    name: 'visits',
    component: () => import('./VisitsPage.vue'),
    meta: { title: 'visits.title', permission: 'visits:read', nav: { icon: Stethoscope, order: 3 } },
  },
  {
    path: '/visits/:id',
    name: 'visits-visit',
    component: () => import('./VisitPage.vue'),
    props: true,
    meta: { title: 'visits.visit', permission: ['visits:read', 'visits:prices'], section: 'visits' },
  },
] satisfies RouteRecordRaw[]
