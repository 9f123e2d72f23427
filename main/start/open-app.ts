import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Gatehouse } from '../compose.ts'
import { type Config, type OutsideConfig, readConfig } from '../config/config.ts'
import { type Paths, pathsIn } from '../config/paths.ts'
import { type KeyRing, openKeyRing } from '../credentials/key-ring.ts'
import type { SafeStorage } from '../credentials/safe-storage-ring.ts'
import { openStore, type Store } from '../store/store.ts'
import { askForVault } from './ask-for-vault.ts'
import { askOnPage } from './ask-recovery.ts'
import { askOnTerminal } from './ask-recovery-terminal.ts'
import { openInBrowser } from './open-in-browser.ts'
import type { StartOptions } from './options.ts'
import { type AskRecovery, keysAreMissing, recover } from './recover.ts'

export const distDir = dirname(fileURLToPath(import.meta.url))

export interface OpenedApp {
  readonly paths: Paths
  readonly config: OutsideConfig
  readonly store: Store
  readonly ring: KeyRing
  readonly distDir: string
  readonly node: string
  readonly version: string
  /** Settings that were not used, a database set aside: said once the app runs. */
  readonly notices: readonly string[]
}

/**
 * Settings, the data folder with its lock, and the place of the keys; the lock is given free when any of it fails.
 *
 * @throws input.invalid, store.locked, store.newer, store.unwritable, store.no-room, keys.unavailable
 */
export async function openApp(
  options: StartOptions,
  env: NodeJS.ProcessEnv,
  safeStorage?: SafeStorage,
): Promise<OpenedApp> {
  const paths = pathsIn(options.home, env)
  const config = readConfig(paths.config, env)
  let store = openStore(paths)
  try {
    const ring = await openRing(paths, config.config, env, safeStorage)
    const recovered = (await keysAreMissing(ring, store))
      ? await recover(paths, ring, store, askFor(options, paths.run))
      : undefined
    store = recovered?.store ?? store
    const setAside = store.setAside
      ? [
          `The database was damaged (${store.setAside.problem}) and was moved to ${store.setAside.file}. Gatehouse began with an empty one.`,
        ]
      : []
    return {
      paths,
      config,
      store,
      ring,
      distDir,
      node: plainNode(),
      version: __GATEHOUSE_VERSION__,
      notices: [...config.notices, ...setAside, ...(recovered ? [recovered.notice] : [])],
    }
  } catch (error) {
    store.close()
    throw error
  }
}

/** On the terminal the app was started from; else on a page, where somebody would see it. */
function askFor({ open, recover: wanted, hidden }: StartOptions, folder: string): AskRecovery {
  if (process.stdin.isTTY && process.stderr.isTTY && !wanted) return askOnTerminal
  if (!wanted && (!open || hidden)) return async () => false
  return askOnPage((url) => {
    process.stdout.write(`Gatehouse needs you ${url}\n`)
    if (open) openInBrowser(url, folder)
  })
}

/** The system's keychain; where there is none, a vault with a passphrase, if the person at the terminal says so. */
async function openRing(
  paths: Paths,
  config: Config,
  env: NodeJS.ProcessEnv,
  safeStorage: SafeStorage | undefined,
): Promise<KeyRing> {
  const place = { vaultFile: paths.vault, ...(safeStorage ? { safeStorage } : {}) }
  if (config.keychain === 'file') {
    const passphrase = env.GATEHOUSE_VAULT_PASSPHRASE
    return openKeyRing({ ...place, mode: 'file', ...(passphrase ? { passphrase } : {}) })
  }
  try {
    return await openKeyRing({ ...place, mode: 'system' })
  } catch (error) {
    const passphrase = await askForVault(existsSync(paths.vault), error)
    if (passphrase === undefined) throw error
    return openKeyRing({ ...place, mode: 'file', passphrase })
  }
}

/** Servers, bridge and warden run on a plain Node: the packaged one, else the one this runs on. */
function plainNode(): string {
  if (process.versions.electron === undefined) return process.execPath
  const packaged = join(process.resourcesPath ?? '', 'node', process.platform === 'win32' ? 'node.exe' : 'node')
  const own = join(distDir, '..', 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(packaged) ? packaged : own
}

/**
 * The passphrase in the environment counts only on an empty data folder (INTERFACES, "Environment").
 *
 * @returns whether whoever started the app thereby proved to be the operator
 */
export async function takeOperatorPassphrase(
  { base }: Gatehouse,
  fresh: boolean,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const passphrase = env.GATEHOUSE_OPERATOR_PASSPHRASE
  if (!passphrase) return !(await base.operator.isSet())
  if (fresh && !(await base.operator.isSet())) {
    await base.operator.set(undefined, passphrase)
    return true
  }
  if (await base.operator.verify(passphrase).catch(() => false)) return true
  base.notice('warning', 'GATEHOUSE_OPERATOR_PASSPHRASE is not this data folder’s passphrase and was ignored.')
  return false
}

/** Ends once, however often it is asked, and lets the process go. */
export function ending(work: () => Promise<void>): () => Promise<void> {
  let ended: Promise<void> | undefined
  return () => {
    ended ??= work()
    return ended
  }
}

export function endOnSignals(end: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}
