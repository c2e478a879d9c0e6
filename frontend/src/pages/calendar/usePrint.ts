/** The day on paper: of the branch, or of one doctor. */
import { appointmentsDaySheet } from '@/api/generated'
import { openSheet } from '@/api/files'
import { useToast } from '@/components/useToast'
import { useSession } from '@/stores/session'

export function usePrint(date: () => string) {
  const session = useSession()
  const toast = useToast()

  return async (employee?: string | null): Promise<void> => {
    const day = date()
    const query = { branch: session.branchId!, date: day, employee: employee ?? undefined }
    const fetch = async () => (await appointmentsDaySheet({ query })).data as Blob
    await openSheet(fetch, `day-${day}.pdf`).catch(toast.failed)
  }
}
