import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/login',
    name: 'login',
    component: () => import('./LoginPage.vue'),
    meta: { public: true, title: 'auth.title' },
  },
  {
    path: '/activate',
    name: 'activate',
    component: () => import('./ActivatePage.vue'),
    meta: { public: true, title: 'auth.activate.title' },
  },
  {
    path: '/profile',
    name: 'profile',
    component: () => import('./ProfilePage.vue'),
    meta: { title: 'auth.profile.title' },
  },
] satisfies RouteRecordRaw[]
