import './meta'
import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { i18n } from '@/i18n'
import { useSession } from '@/stores/session'
import { collect, firstAllowed, mayOpen, type NavPage, navOf } from './collect'

const found = import.meta.glob<RouteRecordRaw[]>('../pages/*/routes.ts', { eager: true, import: 'default' })
const { framed, open } = collect(Object.values(found).flat())

/** Pages of the rail in their order; whoever shows them asks `mayOpen`. */
export const navPages: NavPage[] = navOf(framed)

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    ...open,
    {
      path: '/',
      component: () => import('@/layouts/AppFrame.vue'),
      children: [
        { path: '', name: 'home', component: () => import('@/layouts/NoAccess.vue') },
        { path: 'forbidden', name: 'forbidden', component: () => import('@/layouts/Forbidden.vue') },
        ...framed,
        { path: ':path(.*)*', name: 'not-found', component: () => import('@/layouts/NotFound.vue') },
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.user) await session.start()
  if (session.trouble) return false
  if (to.meta.public) return to.name === 'login' && session.user ? { name: 'home' } : true
  if (!session.user) return { name: 'login', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (to.name === 'home') {
    const first = firstAllowed(navPages, session.may)
    return first ? { name: first.name } : true
  }
  return mayOpen(to.meta.permission, session.may) ? true : { name: 'forbidden' }
})

/** The window is named after the page, in the language of the moment. */
function nameWindow(): void {
  const { title } = router.currentRoute.value.meta
  const name = title ? i18n.global.t(title) : ''
  document.title = [name, i18n.global.t('app.name')].filter(Boolean).join(' · ')
}
router.afterEach(nameWindow)
watch(i18n.global.locale, nameWindow)

// After an update of the product the old pieces are gone: one new load brings the new ones.
window.addEventListener('vite:preloadError', (event) => {
  const key = 'clinic.reloaded'
  if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < 10_000) return
  event.preventDefault()
  sessionStorage.setItem(key, String(Date.now()))
  location.reload()
})
