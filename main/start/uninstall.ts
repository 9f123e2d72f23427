import type { Gatehouse } from '../compose.ts'

/** What the app itself keeps in the key ring. */
const ownEntries = [
  'operator',
  'operator-tries',
  'approval-releases',
  'audit-anchor',
  'key/rows',
  'key/data',
  'key/audit',
]

/**
 * Empties the keychain of everything this data folder put there. The audit log and the database stay, for the person to
 * keep or delete; without their keys nothing encrypted in them can be read again.
 *
 * @returns what was removed, in words
 */
export async function uninstall({ base, areas }: Gatehouse): Promise<readonly string[]> {
  const removed: string[] = []
  const drop = async (name: string, words: string) => {
    if (await base.ring.delete(name)) removed.push(words)
  }
  for (const { name } of areas.clients.list()) {
    await areas.clients.revoke(name)
    removed.push(`the pairing of “${name}”`)
  }
  for (const { server, name } of base.credentials.list()) {
    await base.credentials.remove(server, name)
    removed.push(`the secret ${name} of “${server}”`)
  }
  for (const name of ownEntries) await drop(name, `keychain entry “${name}”`)
  return removed
}
