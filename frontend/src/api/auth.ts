import { http, setAccess } from './client'
import type { Me, SignedIn, Theme } from './types'

export interface SessionOut {
  id: string
  current: boolean
  user_agent: string
  address: string | null
  created_at: string
  last_used_at: string
}

const url = (path: string) => `/api/v1/auth/${path}`

export async function login(body: { login: string; password: string }): Promise<SignedIn> {
  const { data } = await http.post<SignedIn>(url('login'), body)
  setAccess(data.access)
  return data
}

export async function logout(): Promise<void> {
  try {
    await http.post(url('logout'))
  } finally {
    setAccess(null)
  }
}

export const me = async (): Promise<Me> => (await http.get<Me>(url('me'))).data

export const saveMe = async (body: { language?: string; theme?: Theme }): Promise<Me> =>
  (await http.patch<Me>(url('me'), body)).data

export async function sessions(): Promise<SessionOut[]> {
  const { data } = await http.get<{ items: SessionOut[] }>(url('sessions'))
  return data.items
}

export const endSession = async (id: string): Promise<void> => void (await http.delete(url(`sessions/${id}`)))

export const changePassword = async (body: { old_password: string; new_password: string }): Promise<void> =>
  void (await http.post(url('password'), body))

export const activate = async (body: { token: string; password: string }): Promise<void> =>
  void (await http.post(url('activate'), body))
