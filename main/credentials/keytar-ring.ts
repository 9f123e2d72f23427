import { keysUnavailable } from '../../shared/errors.ts'
import type { KeyRing } from './key-ring.ts'

/** What is used of keytar; its values are texts, ours go through base64. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
}
export type LoadKeytar = () => Promise<Keytar>

const service = 'gatehouse'
export const keychainProbe = 'probe'

/**
 * The operating system's keychain (Keychain, Credential Manager, Secret Service). Probed by writing and reading once,
 * because a keychain can be there and yet be locked, or ask on a screen nobody sees.
 *
 * @param tag tells data folders apart: accounts are `TAG/NAME`
 * @param patienceMs how long one answer may take; an unlock prompt nobody answers would hang for ever
 * @throws keys.unavailable
 */
export async function keytarRing(tag: string, load: LoadKeytar = loadKeytar, patienceMs = 5000): Promise<KeyRing> {
  const keytar = await load().catch((error: unknown) => {
    throw keysUnavailable(`the keychain module is not installed (${messageOf(error)})`, remedy)
  })
  const account = (name: string) => `${tag}/${name}`
  const ask = <T>(answer: Promise<T>) => patiently(answer, patienceMs)
  const ring: KeyRing = {
    kind: 'system',
    describe: () => systemName(),
    get: async (name) => {
      const kept = await ask(keytar.getPassword(service, account(name)))
      return kept === null ? undefined : Buffer.from(kept, 'base64')
    },
    set: (name, value) => ask(keytar.setPassword(service, account(name), value.toString('base64'))),
    delete: (name) => ask(keytar.deletePassword(service, account(name))),
  }
  await ring.set(keychainProbe, Buffer.from(tag))
  if ((await ring.get(keychainProbe))?.toString() !== tag)
    throw keysUnavailable('the keychain forgets what it is given', remedy)
  return ring
}

const remedy =
  'Unlock or install a keychain (on Linux gnome-keyring or KWallet in a desktop session), or start Gatehouse with ' +
  'GATEHOUSE_KEYCHAIN=file and a passphrase in GATEHOUSE_VAULT_PASSPHRASE.'

async function loadKeytar(): Promise<Keytar> {
  const loaded = (await import('keytar')) as unknown as { default?: Keytar } & Keytar
  return loaded.default ?? loaded
}

async function patiently<T>(answer: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(keysUnavailable(`the system keychain gave no answer within ${patienceMs / 1000} s`, remedy)),
      patienceMs,
    )
  })
  try {
    return await Promise.race([answer.catch(asUnavailable), late])
  } finally {
    clearTimeout(timer)
  }
}

function asUnavailable(error: unknown): never {
  throw keysUnavailable(`the system keychain refused (${messageOf(error)})`, remedy)
}

function systemName(): string {
  switch (process.platform) {
    case 'darwin':
      return 'the macOS keychain'
    case 'win32':
      return 'the Windows credential manager'
    default:
      return 'the system keychain (Secret Service)'
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : String(error))
