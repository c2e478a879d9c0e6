/** Files that the server makes. They need the access token, so they are fetched rather than linked. */

/** A sheet in a tab of its own, where it is printed; where no tab opens it is saved. */
export async function openSheet(fetch: () => Promise<Blob>, name: string): Promise<void> {
  const tab = window.open('', '_blank') // now, while the click still counts
  try {
    const sheet = await fetch()
    if (tab) tab.location.href = lent(sheet)
    else saveFile(sheet, name)
  } catch (error) {
    tab?.close()
    throw error
  }
}

export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = lent(file)
  link.download = name
  link.click()
}

/** An address of the file for as long as a browser needs to take it. */
function lent(file: Blob): string {
  const url = URL.createObjectURL(file)
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return url
}
