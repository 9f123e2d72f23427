import { existsSync, rmSync } from 'node:fs'
import { sentence } from '../../shared/messages/messages.ts'
import { AccessTokens } from '../clients/access-tokens.ts'
import { recoveryEntries } from '../compose/backups.ts'
import type { Autostart, Uninstalled } from '../compose/handlers/system-handlers.ts'
import type { Gatehouse } from '../compose.ts'

/** What the app itself keeps in the key ring. */
const ownEntries = [
  'operator',
  'operator-tries',
  'approval-releases',
  'audit-anchor',
  'table-roots',
  ...recoveryEntries,
  'key/rows',
  'key/data',
  'key/audit',
  ...AccessTokens.secretNames,
]

export interface OutsideTheData {
  /** Starting at sign-in, where it could have been switched on for this data folder. */
  readonly autostart?: Autostart | undefined
  /** Removes the window's files, which a running window still writes to. @returns when they are gone, in words */
  readonly removeProfile: (folder: string) => string
}

/**
 * Restores AI apps' configurations, empties the keychain of everything this data folder put there, and takes away what the
 * app left outside its records: the start at sign-in and the window's files. The audit log and the database stay, for the person to keep or delete;
 * without their keys nothing encrypted in them can be read again.
 */
export async function uninstall({ base, areas }: Gatehouse, outside: OutsideTheData): Promise<Uninstalled> {
  const removed: string[] = []
  const drop = async (name: string, words: string) => {
    if (await base.ring.delete(name)) removed.push(words)
  }
  const { restored, failed } = await areas.apps.disconnectAll()
  for (const { title, file } of restored) removed.push(`the entry of Gatehouse in ${title}’s ${file}`)
  for (const { name, state } of areas.clients.list()) {
    if (state === 'revoked') continue
    await areas.clients.revoke(name)
    removed.push(`the pairing of “${name}”`)
  }
  for (const { server, name } of base.credentials.list()) {
    await base.credentials.remove(server, name)
    removed.push(`the secret ${name} of “${server}”`)
  }
  await base.tables.settled()
  for (const name of ownEntries) await drop(name, `keychain entry “${name}”`)
  await base.ring.vault?.forget()
  if (outside.autostart?.isOn()) {
    outside.autostart.set(false)
    removed.push('the entry that starts Gatehouse when you sign in')
  }
  const { window, home, logs, audit, database } = base.paths
  if (existsSync(window)) removed.push(`the window’s own files in ${window}${outside.removeProfile(window)}`)
  return {
    removed,
    kept: [
      ...failed.map(([app, error]) => `the entry of Gatehouse in ${app}: ${sentence(error, 'person')}`),
      `the audit log in ${audit}; its arguments and results cannot be read any more`,
      `the database ${database}`,
      `the log files in ${logs}`,
      `everything else in ${home}: delete the folder when you need none of it`,
    ],
  }
}

/** No window of this process uses them. */
export function removeNow(folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  return ''
}
