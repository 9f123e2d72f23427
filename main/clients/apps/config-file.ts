import { createHash, randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { chown, lstat, mkdir, open, readlink, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { appFileChanged, appFileUnparsable, appFileUnsafe } from '../../../shared/errors.ts'

/** Larger files are no configuration a person could look through. */
const largestBytes = 16 * 1024 * 1024
const mark = '\ufeff'

/** An app’s configuration file as it is now. */
export interface ConfigFile {
  readonly path: string
  /** Undefined when there is no file yet. */
  readonly bytes?: Buffer
  /** Without the byte order mark. */
  readonly text: string
  readonly hasMark: boolean
  readonly mode: number
  readonly owner?: { readonly uid: number; readonly gid: number }
}

/**
 * @throws apps.unsafe-file for a link, a folder, a file of someone else, one that is read-only or too large
 * @throws apps.unparsable for a file that is not UTF-8
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const found = await stat(path)
  if (!found) return { path, text: '', hasMark: false, mode: 0o600 }
  await check(path, found)
  const bytes = await contents(path)
  return { path, bytes, ...decoded(path, bytes), mode: found.mode & 0o777, owner: { uid: found.uid, gid: found.gid } }
}

/** What identifies a file’s contents; '' when there is none. */
export const hashOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex')

/** The bytes a text has in this file. */
export const encoded = ({ hasMark }: Pick<ConfigFile, 'hasMark'>, text: string): Buffer =>
  Buffer.from(hasMark ? mark + text : text)

/**
 * Replaces the file, or removes it, in one step, with its mode and owner. Nothing happens when it is not what it was.
 *
 * @throws apps.changed, apps.unsafe-file
 */
export async function replaceConfigFile(before: ConfigFile, bytes: Uint8Array | undefined): Promise<void> {
  const { path } = before
  if (bytes === undefined) {
    await unchanged(before)
    await rm(path, { force: true })
    return
  }
  const draft = join(dirname(path), `.gatehouse-${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await write(draft, bytes, before)
    await unchanged(before)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw isSystemError(error) ? appFileUnsafe(path, `it cannot be written (${error.code ?? error.message})`) : error
  }
}

async function write(draft: string, bytes: Uint8Array, { mode, owner }: ConfigFile): Promise<void> {
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
    await handle.chmod(mode)
    const own = await handle.stat()
    if (owner && (own.uid !== owner.uid || own.gid !== owner.gid)) await chown(draft, owner.uid, owner.gid)
  } finally {
    await handle.close()
  }
}

async function unchanged(before: ConfigFile): Promise<void> {
  const found = await stat(before.path)
  if (found?.isSymbolicLink()) throw appFileChanged(before.path)
  const now = found ? await contents(before.path) : undefined
  if (hashOf(now) !== hashOf(before.bytes)) throw appFileChanged(before.path)
}

async function check(path: string, found: Stats): Promise<void> {
  if (found.isSymbolicLink())
    throw appFileUnsafe(path, `it is a link to ${await readlink(path)}, which another program may keep`)
  if (!found.isFile()) throw appFileUnsafe(path, 'it is not a file')
  if (found.size > largestBytes) throw appFileUnsafe(path, `it is larger than ${largestBytes / 1024 / 1024} MB`)
  if ((found.mode & 0o222) === 0) throw appFileUnsafe(path, 'it is read-only')
  const me = process.getuid?.()
  if (me !== undefined && me !== 0 && found.uid !== me) throw appFileUnsafe(path, 'it belongs to another user')
}

async function stat(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
    throw unreadable(path, error)
  }
}

async function contents(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r')
    try {
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(path, error)
  }
}

function decoded(path: string, bytes: Buffer): { text: string; hasMark: boolean } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.startsWith(mark) ? { text: text.slice(1), hasMark: true } : { text, hasMark: false }
  } catch {
    throw appFileUnparsable(path, 'it is not UTF-8 text')
  }
}

const unreadable = (path: string, error: unknown) =>
  isSystemError(error) ? appFileUnsafe(path, `it cannot be read (${error.code ?? error.message})`) : error

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error
