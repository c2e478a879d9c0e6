import { computed } from 'vue'
import { useDrawer } from '@/components/useDrawer'
import { decode, encode, type Figure } from './figures'

/** The figure whose rows are shown, and how to show those of another. */
export function useFigure() {
  const drawer = useDrawer('rows')
  return {
    figure: computed(() => decode(drawer.id.value)),
    show: (figure: Figure) => drawer.open(encode(figure)),
    close: drawer.close,
  }
}
