const TOUCHED = ['reports', 'appointments', 'visits', 'invoices', 'payments']

/** A figure is made of several resources and is read again when any of them changes. */
export function live<Key extends readonly unknown[]>(key: Key): Key {
  const [head, ...rest] = key
  return [{ ...(head as object), tags: TOUCHED }, ...rest] as unknown as Key
}
