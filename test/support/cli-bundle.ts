import { existsSync, globSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createBuilder } from 'vite'

const root = resolve(import.meta.dirname, '..', '..')
const bundle = join(root, 'dist', 'cli.js')

/** The command line as it ships; built when its sources are newer. @returns the absolute path of the bundle */
export async function cliBundle(): Promise<string> {
  const sources = globSync('{main/cli,shared}/**/*.ts', { cwd: root })
  const newest = Math.max(...sources.map((name) => statSync(join(root, name)).mtimeMs))
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newest) return bundle
  const builder = await createBuilder({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' })
  const environment = builder.environments.cli
  if (!environment) throw new Error('vite.config.ts builds no command line')
  await builder.build(environment)
  return bundle
}
