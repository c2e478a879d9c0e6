/** The requisites in the groups in which the form shows them; the names are those of the API. */
export const groups = {
  main: ['name', 'phone', 'legal_name', 'bin', 'licence', 'legal_address'],
  bank: ['iik', 'bank', 'bik', 'kbe'],
  people: ['director', 'chief_accountant'],
} as const

export type Requisite = (typeof groups)[keyof typeof groups][number]
export const requisites: Requisite[] = Object.values(groups).flat()
