import { patientsList } from '@/api/generated'
import { formatPhone, fullName } from '@/i18n/format'
import type { SearchProvider } from '@/layouts/search'

/** Patients in the search of the frame: any fragment of a name, phone, card number, or the IIN. */
export default {
  title: 'patients.title',
  permission: 'patients:read',
  async find(text, signal) {
    if (text.trim().length < 2) return []
    const { data } = await patientsList({ query: { q: text.trim(), size: 8 }, signal, throwOnError: true })
    return data.items.map((row) => ({
      key: row.id,
      title: fullName(row),
      note: [`№ ${row.card_number}`, row.phone && formatPhone(row.phone)].filter(Boolean).join(' · '),
      to: `/patients/${row.id}`,
    }))
  },
} satisfies SearchProvider
