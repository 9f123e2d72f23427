import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { EpochMs, WorkspaceName } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { type BackupContents, readBackup, writeBackup } from '../backup/backup-file.ts'
import { newRecoveryKey, type WrappedRecoveryKey, wrapRecoveryKey } from '../backup/recovery-box.ts'
import { type RingEntries, writeRecoveryFile } from '../backup/recovery-file.ts'
import { keyFromPassphrase } from '../credentials/passphrase.ts'
import type { Memory } from '../memory/memory.ts'
import { copiesBeforeUpdates } from '../store/before-update.ts'
import { databaseCopy } from '../store/copy.ts'
import type { Foundation } from './foundation.ts'
import { prepareRestored, type Restored } from './restore.ts'

export const recoveryFileIn = (home: string) => join(home, 'recovery.json')
export const backupEnding = '.gatehouse-backup'
/** In the keychain: the key backups are made with, and that key under the passphrase. */
const [recoveryEntry, wrappedEntry] = ['key/recovery', 'recovery-wrapped']
export const recoveryEntries: readonly string[] = [recoveryEntry, wrappedEntry]
const masterEntries = ['key/rows', 'key/data', 'key/audit']

/** Backups of this data folder, and the passphrase that opens them and brings its keys back. */
export class Backups {
  /** @param clientSecrets names of the keychain entries of AI apps */
  constructor(
    private readonly base: Foundation,
    private readonly memory: Memory,
    private readonly clientSecrets: () => readonly string[],
  ) {}

  async passphraseSet(): Promise<boolean> {
    return (await this.base.ring.get(wrappedEntry)) !== undefined
  }

  list() {
    const { backups } = this.base.paths
    return readdirSync(backups)
      .filter((name) => name.endsWith(backupEnding))
      .map((name) => {
        const file = join(backups, name)
        const { mtimeMs, size } = statSync(file)
        return { file, madeAt: Math.round(mtimeMs) as EpochMs, sizeBytes: size }
      })
      .sort((a, b) => b.madeAt - a.madeAt)
  }

  beforeUpdates = () =>
    copiesBeforeUpdates(this.base.paths.backups).map(({ madeAt, ...copy }) => ({ ...copy, madeAt: madeAt as EpochMs }))

  /** Backups made before stay under the passphrase of their time. */
  async setPassphrase(passphrase: string): Promise<void> {
    const { ring, paths } = this.base
    const key = (await ring.get(recoveryEntry)) ?? newRecoveryKey()
    const wrapped = await wrapRecoveryKey(key, passphrase, keyFromPassphrase)
    await ring.set(recoveryEntry, key)
    await ring.set(wrappedEntry, Buffer.from(JSON.stringify(wrapped)))
    const names = [...masterEntries, recoveryEntry]
    await writeRecoveryFile(recoveryFileIn(paths.home), wrapped, key, await this.#entries(names))
  }

  /** @throws input.invalid without a recovery passphrase, or for a file that is there already */
  async create(given?: string): Promise<{ file: string; sizeBytes: number }> {
    const { ring, paths, store, credentials } = this.base
    const [key, wrapped] = [await ring.get(recoveryEntry), await ring.get(wrappedEntry)]
    if (!key || !wrapped) throw inputInvalid('Set a recovery passphrase first: gatehouse backup passphrase')
    const now = Date.now()
    const name = `${new Date(now).toISOString().replaceAll(':', '-').slice(0, 19)}${backupEnding}`
    const file = given ?? join(paths.backups, name)
    if (!isAbsolute(file)) throw inputInvalid('Name the whole path of the file.')
    if (statSync(file, { throwIfNoEntry: false })) throw inputInvalid(`“${file}” is there already.`)
    await this.base.tables.settled()
    const secrets = credentials.list().map(({ server, name: secret }) => `secret/${server}/${secret}`)
    const names = [...masterEntries, recoveryEntry, wrappedEntry, 'operator', ...secrets, ...this.clientSecrets()]
    const contents = {
      ring: await this.#entries(names),
      dataKeys: readFileSync(join(paths.home, 'data-keys.json'), 'utf8'),
      database: await databaseCopy(store.db, join(paths.backups, 'making.db')),
      memories: await this.#memories(),
    }
    await writeBackup(file, contents, key, JSON.parse(wrapped.toString()) as WrappedRecoveryKey, now)
    return { file, sizeBytes: statSync(file).size }
  }

  /** The present database goes when the app stops. @throws input.invalid */
  async restore(file: string, passphrase: string): Promise<Restored> {
    const found = await readBackup(file, passphrase, keyFromPassphrase)
    if ('problem' in found) throw inputInvalid(`The backup ${found.problem}.`)
    const restored = await prepareRestored(this.base, found)
    await this.base.tables.settled()
    this.base.store.replaceAtClose(join(this.base.paths.backups, 'restoring.db'))
    this.#restoreMemories(found.memories)
    return restored
  }

  async #memories(): Promise<BackupContents['memories']> {
    const copies: { workspace: WorkspaceName; database: Buffer }[] = []
    for (const workspace of this.memory.workspaces())
      copies.push({ workspace, database: await this.memory.copyOf(workspace) })
    return copies
  }

  /** Like the database, they take their places when the app stops. What later workspaces remember stays. */
  #restoreMemories(memories: BackupContents['memories']): void {
    const { paths, store } = this.base
    mkdirSync(paths.memory, { recursive: true, mode: 0o700 })
    for (const { workspace, database } of memories) {
      const file = join(paths.backups, `restoring-memory-${workspace}.db`)
      writeFileSync(file, database, { mode: 0o600 })
      store.replaceAtClose(file, this.memory.fileOf(workspace as WorkspaceName))
    }
  }

  async #entries(names: readonly string[]): Promise<RingEntries> {
    const found = await Promise.all(names.map(async (name) => [name, await this.base.ring.get(name)] as const))
    return Object.fromEntries(found.flatMap(([name, value]) => (value ? [[name, value.toString('base64')]] : [])))
  }
}
