import { http } from '@/api/client'

export interface GapItem {
  id: string
  version: number
  patient_name: string
  services_text: string
  status: string
  starts_at: string
  ends_at: string
  to_starts_at: string
  to_ends_at: string
  shift: number
  is_confirmed: boolean
  fixed: string
}
export interface GapFigures {
  free: number
  useful: number
  longest: number
  gaps: number
}
export interface GapEmployee {
  employee: string
  name: string
  working: { starts_at: string; ends_at: string }[]
  before: GapFigures
  after: GapFigures
  won: number
  items: GapItem[]
  blocked: { starts_at: string; ends_at: string; kind: string }[]
}
export interface GapPlan {
  branch: string
  date: string
  won: number
  employees: GapEmployee[]
}
export interface GapMove {
  id: string
  version: number
  starts_at: string
  was_starts_at: string
}
export const gapsList = ({ query, signal }: { query: object; signal: AbortSignal }) =>
  http.get<GapPlan>('/api/v1/calendar/gaps', { params: query, signal })
export const gapsApply = ({ body, headers }: { body: object; headers: object }) =>
  http.post<{ moves: GapMove[] }>('/api/v1/calendar/gaps', body, { headers: { ...headers } })
