import { join } from 'node:path'
import { checksumOf, filesUnder, stampOf, sumsOf } from '../../shared/wire/cell-files.ts'
import type { RegisteredCode } from './cell-record.ts'
import { type Code, type CodePlace, codeAt } from './code.ts'
import { type AuthorsManifest, checkSignature } from './registration.ts'
import type { TrustRoots } from './trust.ts'

/** The code of a server as it lies there now, and what its author says of it. */
export interface Found extends AuthorsManifest {
  readonly place: CodePlace
  readonly at: Code
  /** Path → SHA-256. */
  readonly sums: Readonly<Record<string, string>>
  readonly code: RegisteredCode
  /** Checksum of the files its author's manifest names. */
  readonly own: string
}

/** Reads every file of it once. */
export async function findCode(place: CodePlace, trust: TrustRoots): Promise<Found> {
  const at = await codeAt(place)
  const sums = await sumsOf(at.folder, at.files)
  const code: RegisteredCode = {
    checksum: at.files.length > 0 ? checksumOf(sums) : '',
    count: at.files.length,
    covered: at.covered,
    stamp: stampOf(at.files),
  }
  const cell = folderOfCell(place, at)
  const signed = await checkSignature(place, cell, trust)
  const own = signed.manifest === undefined ? '' : await ownChecksum(cell)
  return { place, at, sums, code, own, ...signed }
}

/** Where its author's manifest would lie. */
export const folderOfCell = (place: CodePlace, at: Code): string =>
  place.kind === 'folder' ? join(place.folder, place.own) : at.folder

/** Of everything under a cell's folder, which is what its author's manifest names. */
async function ownChecksum(folder: string): Promise<string> {
  const files = await filesUnder(folder, { files: 20_000, bytes: 512 * 1024 ** 2 })
  return files ? checksumOf(await sumsOf(folder, files)) : ''
}
