import { gather } from '../gather'

const pages = import.meta.glob('../../pages/*/locales/ru.json', { eager: true, import: 'default' })
const common = import.meta.glob('../locales/ru.json', { eager: true, import: 'default' })

export default gather(common, pages)
