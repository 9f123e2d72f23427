import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { type CellManifest, cellManifest } from '../../../shared/contract/cell-manifest.ts'
import { checksumOf, filesUnder, manifestFile, sumsOf } from '../../../shared/wire/cell-files.ts'
import { signManifest, withHash } from '../../../shared/wire/cell-signature.ts'
import { WrongUsage } from '../failures.ts'

/** @throws WrongUsage listing what is wrong with it */
export function readManifest(file: string): CellManifest {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new WrongUsage(`${file} could not be read: ${(error as Error).message}`)
  }
  const parsed = cellManifest.safeParse(withPlaceholders(value))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new WrongUsage(`${file} is no cell manifest. ${problems.slice(0, 10).join('; ')}`)
}

/** Hash and checksum are reckoned here: an author need not write them. */
function withPlaceholders(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { identity, code, ...rest } = value as { identity?: object; code?: object }
  return { ...rest, identity: { hash: '0'.repeat(64), ...identity }, code: { checksum: '', ...code } }
}

/**
 * Writes the checksum of the folder's files into its manifest, signs it, and packs all of it.
 * @returns whether it is a `bundle`: without a manifest.json nothing says how it is run
 * @throws WrongUsage where its cell.json is missing or wrong, and for what cannot be packed
 */
export async function packCell(folder: string, out: string, key: string | undefined) {
  if (!existsSync(join(folder, manifestFile)))
    throw new WrongUsage(
      `${folder} has no ${manifestFile}, which says what the server may do. Begin with what Gatehouse wrote for yours: its “manifest” in gatehouse cells show SERVER --json`,
    )
  const manifest = readManifest(join(folder, manifestFile))
  const files = await filesUnder(folder, { files: 20_000, bytes: 512 * 1024 ** 2 })
  if (files === undefined) throw new WrongUsage(`${folder} holds more than 20,000 files or 512 MB.`)
  const links = files.filter(({ isLink }) => isLink)
  if (links.length > 0) throw new WrongUsage(`Links cannot be packed: ${links[0]?.path}`)
  const checksum = checksumOf(await sumsOf(folder, files))
  const filled = withHash({ ...manifest, code: { ...manifest.code, checksum } })
  const signed = key === undefined ? filled : signManifest(filled, key)
  writeFileSync(join(folder, manifestFile), `${JSON.stringify(signed, null, 2)}\n`)
  const paths = [...files.map(({ path }) => path), manifestFile]
  writeFileSync(out, zipSync(Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path))]))))
  const bundle = paths.includes('manifest.json')
  return { file: out, files: files.length + 1, hash: signed.identity.hash, checksum, signed: key !== undefined, bundle }
}
