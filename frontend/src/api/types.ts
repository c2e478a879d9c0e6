/** What sign-in tells about the person; written by hand because the frame needs it before any generated call. */
export type Reach = 'all' | 'branch' | 'own'
export type Theme = 'light' | 'dark' | 'system'

export interface BranchRef {
  id: string
  name: string
  timezone: string
}

export interface Me {
  id: string
  login: string
  email: string
  last_name: string
  first_name: string
  middle_name: string
  language: string
  theme: string
  organization: { id: string; name: string } | null
  branches: BranchRef[]
  roles: { role: string; branch: string | null }[]
  permissions: Record<string, Reach>
  employee_id: string | null
}

export interface SignedIn {
  access: string
  user: Me
}
