/** Who may give which role: the server's own rule, so that the form offers nothing that would be refused. */
import type { RoleGrant, RoleInRoleEnum } from '@/api/generated/types.gen'

type Grant = Pick<RoleGrant, 'branch'> & { role: string }

export const ROLES = [
  'owner',
  'admin',
  'branch_admin',
  'registrar',
  'doctor',
  'assistant',
  'nurse',
  'cashier',
  'accountant',
  'warehouse',
  'marketer',
  'call_center',
  'readonly',
] as const satisfies readonly RoleInRoleEnum[]

const RANKS: Record<string, number> = { owner: 3, admin: 2, branch_admin: 1 }
const rank = (role: string) => RANKS[role] ?? 0

export const manages = (role: string): boolean => rank(role) > 0

/** These are never of one branch. */
export const isWhole = (role: string): boolean => role === 'owner' || role === 'admin'

/** Has the person a managing role of at least that rank whose reach holds the branch? */
export function mayGrant(own: readonly Grant[], wanted: Grant): boolean {
  return own.some(
    ({ role, branch }) =>
      manages(role) &&
      rank(role) >= rank(wanted.role) &&
      (isWhole(role) || branch === null || branch === wanted.branch),
  )
}

/** Where the person may give this role; null: in all branches. */
export function placesFor(
  own: readonly Grant[],
  role: string,
  branches: readonly string[],
): (string | null)[] {
  const places = isWhole(role) ? [null] : [null, ...branches]
  return places.filter((branch) => mayGrant(own, { role, branch }))
}
