import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, showLanguage } from './i18n'
import { router } from './router'
import { useUi } from './stores/ui'
import { installStyles } from './styles/install'

installStyles()

const app = createApp(App)
  .use(createPinia())
  .use(PiniaColada, {
    // The socket says what changed; without it everything shown is read every 15 seconds.
    queryOptions: { staleTime: 30_000, gcTime: 300_000, refetchOnWindowFocus: false },
  })
await showLanguage(useUi().language)
app.use(i18n).use(router).mount('#app')
