import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { keysUnavailable } from '../../shared/errors.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { decrypt, encrypt } from '../store/data-keys.ts'
import { inTurn } from './in-turn.ts'
import type { KeyRing } from './key-ring.ts'
import { keyFromPassphrase, scryptCost } from './passphrase.ts'
import { VaultAge, type VaultWitness } from './vault-witness.ts'

interface Vault {
  readonly version: 1
  readonly kdf: { readonly name: 'scrypt'; readonly N: number; readonly r: number; readonly p: number }
  readonly salt: string
  /** AES-256-GCM of a JSON object of names and base64 values. */
  readonly box: string
}
const kdf = { name: 'scrypt', ...scryptCost } as const
const purpose = 'gatehouse vault 1'
const saltBytes = 16

/**
 * A file (0600) under a passphrase: scrypt, then AES-256-GCM over everything in it. Each change replaces the whole file.
 *
 * @param witness knows how far it has come, so that an older copy is found
 *
 * @throws keys.unavailable without a passphrase, with a wrong one, or when the file is damaged
 */
export async function vaultRing(
  file: string,
  passphrase: string | undefined,
  witness?: VaultWitness,
): Promise<KeyRing> {
  if (!passphrase)
    throw keysUnavailable('the vault file needs a passphrase', 'Put it in GATEHOUSE_VAULT_PASSPHRASE and start again.')
  const vault = existsSync(file) ? parsed(file) : undefined
  const salt = vault ? Buffer.from(vault.salt, 'base64') : randomBytes(saltBytes)
  const key = await keyFromPassphrase(passphrase, salt)
  const entries = vault ? contents(vault, key, file) : new Map<string, string>()
  const age = await VaultAge.of(entries, witness, !vault)
  const turns = inTurn()
  const save = async () => {
    age.grow()
    const box = encrypt(key, Buffer.from(JSON.stringify(Object.fromEntries(entries))), purpose).toString('base64')
    const next: Vault = { version: 1, kdf, salt: salt.toString('base64'), box }
    await writeAtomically(file, `${JSON.stringify(next)}\n`).catch(unwritable)
    await age.written()
  }
  if (!vault || age.state !== 'unwatched') await save()
  return {
    kind: 'file',
    vault: {
      state: () => age.state,
      accept: () => turns(() => age.accept().then(save)),
      forget: () => turns(() => age.forget()),
    },
    describe: () => `the vault file ${file}, under your passphrase`,
    get: async (name) => {
      const value = entries.get(name)
      return value === undefined ? undefined : Buffer.from(value, 'base64')
    },
    set: (name, value) =>
      turns(async () => {
        entries.set(name, value.toString('base64'))
        await save()
      }),
    delete: (name) =>
      turns(async () => {
        const was = entries.delete(name)
        if (was) await save()
        return was
      }),
  }
}

function parsed(file: string): Vault {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Vault
    const known =
      found.version === 1 && found.kdf.N === kdf.N && found.kdf.r === kdf.r && found.kdf.p === kdf.p && !!found.box
    if (known && Buffer.from(found.salt, 'base64').length === saltBytes) return found
  } catch {
    // said below: an unreadable file and a wrong one are the same to the person
  }
  throw keysUnavailable(`the vault file ${file} is damaged`, 'Restore it from a backup.')
}

function contents(vault: Vault, key: Buffer, file: string): Map<string, string> {
  try {
    const plain = decrypt(key, Buffer.from(vault.box, 'base64'), purpose).toString()
    return new Map(Object.entries(JSON.parse(plain) as Record<string, string>))
  } catch {
    throw keysUnavailable(
      `the passphrase does not open the vault file ${file}`,
      'Start again with the right GATEHOUSE_VAULT_PASSPHRASE.',
    )
  }
}

function unwritable(error: Error): never {
  throw keysUnavailable(`the vault file could not be written (${error.message})`, 'Free some disk space.')
}
