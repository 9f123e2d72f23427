import { existsSync, readFileSync } from 'node:fs'
import { keysUnavailable } from '../../shared/errors.ts'
import { writeAtomically } from '../store/atomic-file.ts'
import { inTurn } from './in-turn.ts'
import type { KeyRing } from './key-ring.ts'

/** Electron's safeStorage, handed in by the shell. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean
  encryptString(plain: string): Buffer
  decryptString(box: Buffer): string
  /** Linux only. */
  getSelectedStorageBackend?(): string
}

/**
 * Blobs encrypted by Electron's safeStorage, in one private file. Without a keychain safeStorage on Linux falls back to
 * a fixed password (`basic_text`): that is plaintext, and refused.
 *
 * @throws keys.unavailable
 */
export function safeStorageRing(file: string, storage: SafeStorage | undefined): KeyRing {
  const sound = available(storage)
  const boxes = readBoxes(file)
  const turns = inTurn()
  const save = () => writeAtomically(file, `${JSON.stringify(Object.fromEntries(boxes))}\n`).catch(unwritable)
  return {
    kind: 'safe-storage',
    describe: () => 'a file encrypted by Electron’s safeStorage',
    get: async (name) => {
      const box = boxes.get(name)
      return box === undefined ? undefined : opened(sound, box)
    },
    set: (name, value) =>
      turns(async () => {
        boxes.set(name, sound.encryptString(value.toString('base64')).toString('base64'))
        await save()
      }),
    delete: (name) =>
      turns(async () => {
        const was = boxes.delete(name)
        if (was) await save()
        return was
      }),
  }
}

const remedy =
  'Unlock the keychain of your desktop, or start Gatehouse with GATEHOUSE_KEYCHAIN=file and a passphrase in ' +
  'GATEHOUSE_VAULT_PASSPHRASE.'

function available(storage: SafeStorage | undefined): SafeStorage {
  if (!storage) throw keysUnavailable('Electron’s safeStorage is needed and not there', 'Start the Gatehouse app.')
  if (!storage.isEncryptionAvailable()) throw keysUnavailable('Electron’s safeStorage is not available', remedy)
  if (storage.getSelectedStorageBackend?.() === 'basic_text')
    throw keysUnavailable('Electron’s safeStorage would store plain text here', remedy)
  return storage
}

function opened(storage: SafeStorage, box: string): Buffer {
  try {
    return Buffer.from(storage.decryptString(Buffer.from(box, 'base64')), 'base64')
  } catch {
    throw keysUnavailable('Electron’s safeStorage cannot decrypt the stored keys', remedy)
  }
}

function readBoxes(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map()
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
  } catch {
    throw keysUnavailable(`${file} is damaged`, 'Restore it from a backup.')
  }
}

function unwritable(error: Error): never {
  throw keysUnavailable(`the keys could not be written (${error.message})`, 'Free some disk space.')
}
