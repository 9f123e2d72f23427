import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientSecret } from './hello.ts'

/** `clients/NAME.json` in the data folder, 0600: the bridge's copy of what it proves itself with. */
export interface ClientFile {
  readonly id: string
  readonly name: string
  /** 32 bytes, base64url. */
  readonly secret: string
}

/** A client's name as a file name that means the same on every file system: lower case, everything unusual as %XX. */
export function clientFilePath(clientsFolder: string, name: string): string {
  const plain = name.normalize('NFC').toLowerCase()
  return join(clientsFolder, `${encodeURIComponent(plain).replace(/[.*'()!~]/g, percent)}.json`)
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`

/** @returns undefined when there is none or it cannot be read as one. */
export async function readClientFile(path: string): Promise<ClientSecret | undefined> {
  try {
    const { id, secret } = JSON.parse(await readFile(path, 'utf8')) as Partial<ClientFile>
    if (typeof id !== 'string' || typeof secret !== 'string') return undefined
    const bytes = Buffer.from(secret, 'base64url')
    return bytes.length === 32 ? { clientId: id, secret: bytes } : undefined
  } catch {
    return undefined
  }
}
