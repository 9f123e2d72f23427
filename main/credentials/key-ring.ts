import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { keysUnavailable } from '../../shared/errors.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { keytarRing, type LoadKeytar } from './keytar-ring.ts'
import { type SafeStorage, safeStorageRing } from './safe-storage-ring.ts'
import { vaultRing } from './vault-ring.ts'
import { keychainWitness, type VaultState } from './vault-witness.ts'

export type KeyRingKind = 'system' | 'safe-storage' | 'file'

/** A place for small secrets that is encrypted by something outside the data folder. */
export interface KeyRing {
  readonly kind: KeyRingKind
  /** Of a vault file: whether it is an older copy of itself, as far as anybody can know. */
  readonly vault?: { state(): VaultState; accept(): Promise<void>; forget(): Promise<void> }
  /** For people: which place holds the keys. */
  describe(): string
  /** @throws keys.unavailable */
  get(name: string): Promise<Buffer | undefined>
  /** @throws keys.unavailable */
  set(name: string, value: Buffer): Promise<void>
  /** @returns false when there was none. @throws keys.unavailable */
  delete(name: string): Promise<boolean>
}

export interface KeyRingOptions {
  readonly mode: 'system' | 'file'
  /** In the data folder; files beside it (`vault.holder`, `vault.safe-storage`) belong to the ring as well. */
  readonly vaultFile: string
  readonly passphrase?: string
  readonly safeStorage?: SafeStorage
  /** How keytar is loaded: it may be missing, it is an optional dependency. */
  readonly loadKeytar?: LoadKeytar
  /** How long the system keychain may take to answer. */
  readonly patienceMs?: number
}

/** Remembers, once keys were made, where they lie and under which tag. Holds no secret. */
interface Holder {
  readonly kind: KeyRingKind
  readonly tag: string
}

/**
 * Opens the place that holds this data folder's keys: the system keychain, else Electron's safeStorage; the vault file
 * only if asked for. A data folder stays with the place it began with: a keychain that is locked today is an error, not
 * a reason to begin anew somewhere else.
 *
 * @throws keys.unavailable with what the person can do
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const holderFile = `${options.vaultFile}.holder`
  const holder = readHolder(holderFile)
  const tag = holder?.tag ?? freshTag(options.vaultFile)
  const ring = await chosenRing(options, tag, holder?.kind)
  if (!holder) await writeAtomically(holderFile, `${JSON.stringify({ kind: ring.kind, tag })}\n`)
  return ring
}

async function chosenRing(options: KeyRingOptions, tag: string, kept: KeyRingKind | undefined): Promise<KeyRing> {
  if (options.mode === 'file') {
    if (kept && kept !== 'file') throw elsewhere(kept)
    return vaultRing(options.vaultFile, options.passphrase, await keychainWitness(tag, options.loadKeytar))
  }
  if (kept === 'file') throw elsewhere(kept)
  if (kept === 'safe-storage') return safeStorageIn(options)
  try {
    return await keytarRing(tag, options.loadKeytar, options.patienceMs)
  } catch (error) {
    if (kept === 'system' || !options.safeStorage) throw error
    return safeStorageIn(options)
  }
}

function safeStorageIn(options: KeyRingOptions): KeyRing {
  return safeStorageRing(`${options.vaultFile}.safe-storage`, options.safeStorage)
}

function elsewhere(kept: KeyRingKind) {
  const remedy = {
    system: 'Start Gatehouse without GATEHOUSE_KEYCHAIN=file.',
    'safe-storage': 'Start the Gatehouse app (not the browser shell) without GATEHOUSE_KEYCHAIN=file.',
    file: 'Start Gatehouse with GATEHOUSE_KEYCHAIN=file and its passphrase in GATEHOUSE_VAULT_PASSPHRASE.',
  }[kept]
  const place = { system: 'the system keychain', 'safe-storage': 'Electron’s storage', file: 'the vault file' }[kept]
  return keysUnavailable(`this data folder’s keys are held by ${place}`, remedy)
}

function readHolder(file: string): Holder | undefined {
  if (!existsSync(file)) return undefined
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Holder
    if (/^[0-9a-f]{8,32}$/.test(found.tag) && ['system', 'safe-storage', 'file'].includes(found.kind)) return found
  } catch {
    // said below: an unreadable file and a wrong one are the same to the person
  }
  throw keysUnavailable(`${file} is damaged`, 'Restore it from a backup, or remove it if the folder was never moved.')
}

/** From the folder's real path, so that it is found again should `vault.holder` be lost. */
function freshTag(vaultFile: string): string {
  const folder = dirname(vaultFile)
  const path = existsSync(folder) ? realpathSync(folder) : randomBytes(16).toString('hex')
  return createHash('sha256').update(path).digest('hex').slice(0, 16)
}
