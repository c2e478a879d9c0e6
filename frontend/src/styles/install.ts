import '@fontsource-variable/inter/wght.css'
import './base.css'
import './controls.css'
import { tokenSheet } from './tokens'

/** Puts the tokens at the top of the head, so that every other rule may use them. */
export function installStyles(): void {
  const sheet = document.createElement('style')
  sheet.textContent = tokenSheet()
  document.head.prepend(sheet)
}
