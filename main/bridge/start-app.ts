import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { appFlags, withAllocator } from '../../shared/wire/app-flags.ts'

/** What would let a caller's environment reach into the app. */
const withheld = /^(?:GATEHOUSE_|ELECTRON_|NODE_|LD_|DYLD_)/i

/** The environment the app is started with: the caller's, without anything that steers Gatehouse or its runtime. */
export function appEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !withheld.test(name))
  return { ...Object.fromEntries(kept), GATEHOUSE_HOME: home }
}

/**
 * Starts the app hidden, from the folder this bundle lies in. What starting takes is loaded only now: most bridges find
 * the app running, and their clients wait for every millisecond.
 *
 * @returns false when there is no app beside the bridge
 */
export async function startApp(folder: string, home: string): Promise<boolean> {
  const main = join(folder, 'main.js')
  if (!existsSync(main)) return false
  const { spawn } = await import('node:child_process')
  const app = spawn(process.execPath, [...appFlags, main, '--hidden', '--no-open', '--home', home], {
    cwd: homedir(),
    env: withAllocator(appEnvironment(process.env, home)),
    detached: true,
    stdio: 'ignore',
  })
  app.on('error', () => {})
  app.unref()
  return true
}
