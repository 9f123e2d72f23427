import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { readBackup } from '../backup/backup-file.ts'
import { recoveredKeys } from '../backup/recovery-file.ts'
import { backupEnding, recoveryFileIn } from '../compose/backups.ts'
import type { Paths } from '../config/paths.ts'
import type { KeyRing } from '../credentials/key-ring.ts'
import { keyFromPassphrase } from '../credentials/passphrase.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { openStore, type Store } from '../store/store.ts'

/** What can be done when the keychain holds no keys for a data folder that is in use. */
export interface RecoveryWays {
  /** There is a recovery passphrase that brings the keys back. */
  readonly passphrase: boolean
  readonly backups: readonly string[]
}
export type RecoveryAnswer =
  | { readonly way: 'passphrase'; readonly passphrase: string }
  | { readonly way: 'backup'; readonly file: string; readonly passphrase: string }
  | { readonly way: 'fresh' }

/** Tries an answer. @returns the problem, in one sentence, for the person to answer again */
export type TryRecovery = (answer: RecoveryAnswer) => Promise<string | undefined>
/** Asks the person until an answer works. @returns false when nobody can be asked, or nobody wants to answer */
export type AskRecovery = (ways: RecoveryWays, attempt: TryRecovery) => Promise<boolean>

const masterKeys = ['key/rows', 'key/data', 'key/audit']

export async function keysAreMissing(ring: KeyRing, store: Store): Promise<boolean> {
  if (store.fresh) return false
  for (const name of masterKeys) if ((await ring.get(name)) === undefined) return true
  return false
}

/** @returns the store to go on with; undefined when the person was not asked or did not answer */
export async function recover(
  paths: Paths,
  ring: KeyRing,
  store: Store,
  ask: AskRecovery,
): Promise<{ store: Store; notice: string } | undefined> {
  let recovered: { store: Store; notice: string } | undefined
  const ways = {
    passphrase: existsSync(recoveryFileIn(paths.home)),
    backups: readdirSync(paths.backups).filter((name) => name.endsWith(backupEnding)),
  }
  const answered = await ask(ways, async (answer) => {
    const outcome = await attempt(answer, paths, ring, store)
    if ('problem' in outcome) return outcome.problem
    recovered = outcome
    return undefined
  })
  return answered ? recovered : undefined
}

type Outcome = { readonly store: Store; readonly notice: string } | { readonly problem: string }

async function attempt(answer: RecoveryAnswer, paths: Paths, ring: KeyRing, store: Store): Promise<Outcome> {
  switch (answer.way) {
    case 'passphrase': {
      const keys = await recoveredKeys(recoveryFileIn(paths.home), answer.passphrase, keyFromPassphrase)
      if (!keys) return { problem: 'This passphrase does not bring the keys back.' }
      await putAll(ring, keys)
      return { store, notice: 'The keys are back. Secrets of servers and pairings of AI apps have to be set up again.' }
    }
    case 'backup': {
      const file = answer.file.includes('/') ? answer.file : join(paths.backups, answer.file)
      const found = await readBackup(file, answer.passphrase, keyFromPassphrase)
      if ('problem' in found) return { problem: `The backup ${found.problem}.` }
      await putAll(ring, found.ring)
      store.close()
      const aside = setAside(paths)
      await writeAtomically(paths.database, found.database)
      await writeAtomically(join(paths.home, 'data-keys.json'), found.dataKeys)
      mkdirSync(paths.memory, { recursive: true, mode: 0o700 })
      for (const { workspace, database } of found.memories)
        await writeAtomically(join(paths.memory, `${workspace}.db`), database)
      return { store: openStore(paths), notice: `The backup was restored. What was there before lies in ${aside}.` }
    }
    case 'fresh': {
      store.close()
      const aside = setAside(paths)
      return { store: openStore(paths), notice: `Gatehouse began anew. What was there before lies in ${aside}.` }
    }
  }
}

async function putAll(ring: KeyRing, entries: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(entries)) await ring.set(name, Buffer.from(value, 'base64'))
}

/** Nothing is deleted: the keys may turn up again. */
function setAside(paths: Paths): string {
  const aside = join(paths.home, `set-aside-${new Date().toISOString().replaceAll(':', '-')}`)
  mkdirSync(aside, { mode: 0o700 })
  const names = [
    'gatehouse.db',
    'gatehouse.db-wal',
    'gatehouse.db-shm',
    'data-keys.json',
    'recovery.json',
    'audit',
    'clients',
    'memory',
  ]
  for (const name of names) {
    const from = join(paths.home, name)
    if (existsSync(from)) renameSync(from, join(aside, name))
  }
  return aside
}
