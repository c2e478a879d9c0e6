import { computed, ref } from 'vue'
import type { Column } from './table'

/** Which columns are shown; the choice is remembered in this browser under the name of the table. */
export function useColumns<Row>(columns: () => Column<Row>[], name: () => string | undefined) {
  const stored = () => `clinic.columns.${name()}`
  const changed = ref<Record<string, boolean>>(read())

  function read(): Record<string, boolean> {
    try {
      return name() ? JSON.parse(localStorage.getItem(stored()) ?? '{}') : {}
    } catch {
      return {}
    }
  }

  const isShown = (column: Column<Row>) => changed.value[column.key] ?? !column.optional
  const shown = computed(() => columns().filter(isShown))
  const choice = computed(() =>
    name()
      ? columns().map((column) => ({ key: column.key, title: column.title, shown: isShown(column) }))
      : [],
  )

  function toggle(key: string): void {
    const column = columns().find((one) => one.key === key)
    if (!column || (shown.value.length === 1 && isShown(column))) return
    changed.value = { ...changed.value, [key]: !isShown(column) }
    try {
      localStorage.setItem(stored(), JSON.stringify(changed.value))
    } catch {
      // The choice then lasts until the page is closed.
    }
  }

  return { shown, choice, toggle }
}
