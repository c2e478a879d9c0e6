import { Users } from 'lucide-vue-next'
import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/patients',
    name: 'patients',
    component: () => import('./PatientsPage.vue'),
    meta: { title: 'patients.title', permission: 'patients:read', nav: { icon: Users, order: 2 } },
  },
  {
    path: '/patients/:id',
    name: 'patients-card',
    component: () => import('./PatientPage.vue'),
    props: true,
    meta: { title: 'patients.card', permission: 'patients:read', section: 'patients' },
  },
] satisfies RouteRecordRaw[]
