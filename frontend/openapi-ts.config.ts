import { defineConfig } from '@hey-api/openapi-ts'

export default defineConfig({
  input: '../backend/schema.yml',
  output: 'src/api/generated',
  plugins: [
    { name: '@hey-api/client-axios', throwOnError: true, runtimeConfigPath: '@/api/runtime' },
    '@hey-api/typescript',
    '@hey-api/sdk',
    { name: '@pinia/colada', queryKeys: { tags: true } },
  ],
})
