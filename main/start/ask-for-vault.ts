import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'

const shortest = 8

/**
 * Asks the person at the terminal for a vault passphrase when there is no keychain. Keys are never kept in plain text.
 *
 * @param exists whether the vault is to be opened rather than made
 * @returns undefined when nobody sits at the terminal, or gave none
 */
export async function askForVault(exists: boolean, why: unknown): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  if (why instanceof GatehouseError) process.stderr.write(`${sentence(why, 'person')}\n`)
  if (exists) return (await hidden('Vault passphrase: ')) || undefined
  process.stderr.write(
    'Gatehouse can keep its keys in a file encrypted with a passphrase of yours (at least 8 characters).\n',
  )
  const first = await hidden('New vault passphrase (Enter to leave): ')
  if (first.length < shortest) return undefined
  if ((await hidden('Once more: ')) === first) return first
  process.stderr.write('The two are not the same.\n')
  return undefined
}

/** Asks without showing what is typed. */
export async function hidden(prompt: string): Promise<string> {
  process.stderr.write(prompt)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
