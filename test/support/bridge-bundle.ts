import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createBuilder } from 'vite'

const root = resolve(import.meta.dirname, '..', '..')
const bundle = join(root, 'dist', 'bridge.js')

/** The bridge as it ships; built when its sources are newer. @returns the absolute path of the bundle */
export async function bridgeBundle(): Promise<string> {
  const sources = ['main/bridge', 'shared/wire', 'shared/messages/en'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => statSync(join(root, folder, name)).mtimeMs),
  )
  if (existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(...sources)) return bundle
  const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' })
  const environment = builder.environments.bridge
  if (!environment) throw new Error('vite.config.ts builds no bridge')
  await builder.build(environment)
  return bundle
}
