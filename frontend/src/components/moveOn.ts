/** Enter moves on to the next field, after the last one to the button `.save`; in a text area it stays a new line. */
export function moveOn(event: KeyboardEvent): void {
  const here = event.target as HTMLElement
  if (event.ctrlKey || event.metaKey || here.tagName !== 'INPUT' || event.defaultPrevented) return
  if (here.closest('.n-base-selection')) return
  event.preventDefault()
  const form = event.currentTarget as HTMLElement
  const fields = [
    ...form.querySelectorAll<HTMLElement>('input:not(:disabled), textarea, .n-base-selection-label'),
  ]
  const next = fields[fields.indexOf(here) + 1]
  const button = (form.closest('.drawer') ?? form).querySelector<HTMLElement>('.save')
  ;(next ?? button)?.focus()
}
