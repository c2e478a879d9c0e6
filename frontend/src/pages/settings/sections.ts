import { Armchair, Building2, CalendarX2, FileText, SlidersHorizontal, Users } from 'lucide-vue-next'
import { type Component, defineAsyncComponent } from 'vue'
import { mayOpen } from '@/router/collect'

export interface Section {
  key: string
  icon: Component
  permission: string | string[]
  page: Component
}

/** The id of the place in the page's head where a section puts its main button. */
export const ACTIONS = 'settings-actions'

/** The parts of the settings and who may open which. */
export const sections: Section[] = [
  {
    key: 'requisites',
    icon: FileText,
    permission: 'settings:read',
    page: defineAsyncComponent(() => import('./RequisitesForm.vue')),
  },
  {
    key: 'branches',
    icon: Building2,
    permission: ['structure:write', 'settings:read'],
    page: defineAsyncComponent(() => import('./BranchList.vue')),
  },
  {
    key: 'rooms',
    icon: Armchair,
    permission: ['structure:write', 'settings:read'],
    page: defineAsyncComponent(() => import('./RoomList.vue')),
  },
  {
    key: 'special-days',
    icon: CalendarX2,
    permission: ['structure:write', 'settings:read'],
    page: defineAsyncComponent(() => import('./SpecialDayList.vue')),
  },
  {
    key: 'users',
    icon: Users,
    permission: 'users:read',
    page: defineAsyncComponent(() => import('./UserList.vue')),
  },
  {
    key: 'preferences',
    icon: SlidersHorizontal,
    permission: ['settings:read', 'structure:write'],
    page: defineAsyncComponent(() => import('./PreferenceList.vue')),
  },
]

export const sectionsFor = (may: (code: string) => boolean): Section[] =>
  sections.filter(({ permission }) => mayOpen(permission, may))
