import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as auth from '@/api/auth'
import { onSession, refresh } from '@/api/client'
import { type ApiError, asApiError } from '@/api/errors'
import type { BranchRef, Me, Reach, SignedIn, Theme } from '@/api/types'
import { useUi } from './ui'

/** Who is at the desk, what they may do and which branch they look at. */
export const useSession = defineStore('session', () => {
  const ui = useUi()
  const user = ref<Me | null>(null)
  /** The session ended while a screen was open; the screen stays until the person signs in again. */
  const ended = ref(false)
  /** Why the very first question to the server had no answer. */
  const trouble = ref<ApiError | null>(null)

  const branches = computed<BranchRef[]>(() => user.value?.branches ?? [])
  const branch = computed(
    () => branches.value.find(({ id }) => id === ui.branch) ?? branches.value[0] ?? null,
  )
  const branchId = computed(() => branch.value?.id ?? '')
  const zone = computed(() => branch.value?.timezone ?? 'Asia/Almaty')

  function reach(code: string): Reach | null {
    return user.value?.permissions[code] ?? null
  }

  /** May this person do it somewhere? The server still decides row by row. */
  function may(code: string): boolean {
    return reach(code) !== null
  }

  let starting: Promise<void> | null = null
  /** Once per page load: is there still a session in the cookie? */
  function start(): Promise<void> {
    starting ??= refresh().then(
      () => {},
      (error) => {
        const refusal = asApiError(error)
        // A refusal means nobody is signed in; silence or a breakdown means we do not know.
        if (refusal.status < 400 || refusal.status >= 500) trouble.value = refusal
      },
    )
    return starting
  }

  async function welcome({ user: person }: SignedIn): Promise<void> {
    const stranger = user.value && user.value.id !== person.id
    user.value = person
    ended.value = false
    if (stranger) return location.assign('/')
    ui.setTheme(person.theme)
    await ui.setLanguage(person.language)
  }

  async function login(name: string, password: string): Promise<void> {
    await welcome(await auth.login({ login: name, password }))
  }

  /** A whole new page: nothing of the person stays in memory. */
  async function logout(): Promise<void> {
    await auth.logout().catch(() => {})
    location.assign('/login')
  }

  /** The name, the branches or the rights of the person may be others now. */
  async function reread(): Promise<void> {
    if (user.value) user.value = await auth.me()
  }

  async function prefer(change: { language?: string; theme?: Theme }): Promise<void> {
    if (change.theme) ui.setTheme(change.theme)
    if (change.language) await ui.setLanguage(change.language)
    if (user.value) user.value = await auth.saveMe(change)
  }

  onSession({
    renewed: (signedIn) => void welcome(signedIn),
    ended: () => (ended.value = user.value !== null),
  })

  return {
    user,
    ended,
    trouble,
    branches,
    branch,
    branchId,
    zone,
    reach,
    may,
    start,
    login,
    logout,
    reread,
    prefer,
  }
})
