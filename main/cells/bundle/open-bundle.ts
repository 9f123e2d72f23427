import { createHash } from 'node:crypto'
import { open as openFile } from 'node:fs/promises'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import type { BundleSignature } from '../../../shared/contract/bundles.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { type Split, splitSigned } from './split-bundle.ts'

export interface BundleLimits {
  readonly fileBytes: number
  readonly entries: number
  readonly bytes: number
  /** Of what is unpacked to what is packed; small files may be more. */
  readonly ratio: number
}

export const bundleLimits: BundleLimits = {
  fileBytes: 256 * 1024 ** 2,
  entries: 20_000,
  bytes: 512 * 1024 ** 2,
  ratio: 100,
}
const freeOfRatio = 1024 ** 2

export interface OpenBundle {
  readonly sha256: string
  readonly signature: BundleSignature
  readonly zip: ZipFile
  /** Files only, in the archive's order, every name checked. */
  readonly files: readonly Entry[]
  readonly bytes: number
}

const unixLink = 0o120000
const unixFile = 0o100000
const unixFolder = 0o040000
const unixKind = 0o170000
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * Opens an archive and looks at everything it says before anything is unpacked: names that lead elsewhere, links,
 * devices, names that are one on another computer, encrypted parts, more than may be, and sizes that are lies.
 * @param roots certificates that may vouch for who signed it, PEM; those of this computer when absent
 * @throws input.invalid naming what is wrong; bundle.signature
 */
export async function openBundle(
  file: string,
  limits: BundleLimits = bundleLimits,
  roots?: () => readonly string[],
): Promise<OpenBundle> {
  const whole = await contentOf(file, limits.fileBytes)
  const split = splitSigned(whole)
  const { archive } = split
  const signature = await signatureIn(split, roots)
  const zip = await fromBufferPromise(archive, {
    lazyEntries: true,
    strictFileNames: true,
    validateEntrySizes: true,
  }).catch((error: Error) => {
    throw refused(error.message)
  })
  if (zip.entryCount > limits.entries) throw refused(`it holds more than ${limits.entries} files`)
  const files: Entry[] = []
  const folders = new Set<string>()
  const names = new Map<string, string>()
  let bytes = 0
  let packed = 0
  for await (const entry of entriesOf(zip)) {
    const isFolder = checkedKind(entry)
    const name = isFolder ? entry.fileName.slice(0, -1) : entry.fileName
    checkName(name)
    if (isFolder) continue
    bytes += entry.uncompressedSize
    packed += entry.compressedSize
    if (bytes > limits.bytes) throw refused(`it unpacks to more than ${limits.bytes / 1024 ** 2} MB`)
    if (packed > archive.length) throw refused('its parts overlap')
    if (entry.uncompressedSize > freeOfRatio && entry.uncompressedSize > entry.compressedSize * limits.ratio)
      throw refused(`“${name}” unpacks to more than ${limits.ratio} times its size`)
    checkUnique(name, names, folders)
    files.push(entry)
  }
  return { sha256: createHash('sha256').update(whole).digest('hex'), signature, zip, files, bytes }
}

/** What checks certificates is large, and loaded only where there is one. */
async function signatureIn({ archive, block }: Split, roots?: () => readonly string[]): Promise<BundleSignature> {
  if (block === undefined) return { state: 'unsigned' }
  const { signatureOf } = await import('./bundle-signature.ts')
  return signatureOf({ archive, block }, roots)
}

/** The content of one of its files. @throws input.invalid when its size is a lie or its content damaged */
export async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  try {
    const stream = await zip.openReadStreamPromise(entry)
    const parts: Buffer[] = []
    for await (const part of stream) parts.push(part as Buffer)
    return Buffer.concat(parts)
  } catch (error) {
    throw refused(`“${entry.fileName}” is damaged: ${(error as Error).message}`)
  }
}

export const refused = (problem: string) => inputInvalid(`This bundle was not opened: ${problem}.`)

async function contentOf(file: string, most: number): Promise<Buffer> {
  const handle = await openFile(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw inputInvalid(`The bundle “${file}” cannot be read (${error.code}).`)
  })
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw inputInvalid(`“${file}” is no file.`)
    if (found.size > most) throw refused(`it is larger than ${most / 1024 ** 2} MB`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry
  } catch (error) {
    if (error instanceof Error && error.name === 'GatehouseError') throw error
    throw refused((error as Error).message)
  }
}

/** @returns whether it is a folder */
function checkedKind(entry: Entry): boolean {
  const kind = (entry.externalFileAttributes >>> 16) & unixKind
  const isFolder = entry.fileName.endsWith('/')
  if (kind === unixLink) throw refused(`“${entry.fileName}” is a link`)
  if (kind !== 0 && kind !== unixFile && kind !== unixFolder) throw refused(`“${entry.fileName}” is no ordinary file`)
  if ((entry.generalPurposeBitFlag & 1) !== 0) throw refused(`“${entry.fileName}” is encrypted`)
  return isFolder
}

function checkName(name: string): void {
  const parts = name.split('/')
  const bad = parts.some(
    (part) =>
      part === '' || part === '.' || part === '..' || part.length > 200 || /[. ]$/.test(part) || reserved.test(part),
  )
  if (bad || name.length > 1000 || /[\p{Cc}\p{Cf}\\:*?"<>|]/u.test(name) || !name.isWellFormed())
    throw refused(`it has a file with the name “${name.slice(0, 100)}”`)
}

/** Names that are one name where case or spelling of letters does not count, and a file where a folder is. */
function checkUnique(name: string, names: Map<string, string>, folders: Set<string>): void {
  const folded = foldName(name)
  const other = names.get(folded)
  if (other !== undefined || folders.has(folded)) throw refused(`“${name}” and “${other ?? name}” are the same name`)
  names.set(folded, name)
  const parts = folded.split('/')
  for (let at = 1; at < parts.length; at++) {
    const folder = parts.slice(0, at).join('/')
    if (names.has(folder)) throw refused(`“${folder}” is a file and a folder`)
    folders.add(folder)
  }
}

const foldName = (name: string) => name.normalize('NFKC').toLowerCase()
