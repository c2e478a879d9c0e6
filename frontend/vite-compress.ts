import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const WORTH = /\.(js|css|html|svg|json|txt)$/
const SMALLEST = 1024

/** Writes `.br` and `.gz` beside every text file of the build, so the server only has to pick one. */
export function compress(): Plugin {
  let folder = 'dist'
  return {
    name: 'clinic-compress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    async writeBundle() {
      const files = (await readdir(folder, { recursive: true })).filter((name) => WORTH.test(name))
      await Promise.all(files.map((name) => squeeze(join(folder, name))))
    },
  }
}

async function squeeze(path: string): Promise<void> {
  if ((await stat(path)).size < SMALLEST) return
  const body = await readFile(path)
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    promisify(gzip)(body, { level: 9 }),
  ])
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
}
