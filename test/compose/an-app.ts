import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, type Gatehouse } from '../../main/compose.ts'
import { readConfig } from '../../main/config/config.ts'
import { pathsIn } from '../../main/config/paths.ts'
import { openStore } from '../../main/store/store.ts'
import { memoryRing } from '../credentials/memory-ring.ts'

export interface AnApp extends Gatehouse {
  readonly folder: string
  /** What was done outside of Gatehouse. */
  readonly done: string[]
  end(): Promise<void>
}

/** Every part as the app has it, on a data folder of its own; nothing runs, nobody listens. */
export async function anApp(distDir?: string): Promise<AnApp> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-compose-')))
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  const paths = pathsIn(join(folder, 'home'), {})
  const done: string[] = []
  const app = await compose({
    paths,
    config: readConfig(paths.config, {}),
    store: openStore(paths),
    ring: memoryRing(),
    distDir: distDir ?? folder,
    node: process.execPath,
    version: '0.0.0',
    shell: {
      shell: 'browser',
      windowUrl: () => undefined,
      mcpUrl: () => '',
      stop: () => {},
      uninstall: () => Promise.reject(new Error('not here')),
      autostart: { isOn: () => false, set: () => done.push('autostart') },
    },
    windowOpen: () => false,
  })
  const end = async () => {
    app.areas.approvals.stop()
    app.areas.limits.stop()
    app.areas.sessions.stop()
    await app.base.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...app, folder, done, end }
}
