import { createHash, randomBytes } from 'node:crypto'
import { chmod, link, lstat, mkdir, readFile, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { FolderRight } from '../../../shared/domain/folder-rights.ts'
import { applyEdits, type TextEdit, unixLines } from '../../../shared/domain/text-edits.ts'
import { isInside, type Root } from './allowed-roots.ts'
import { type CheckedFiles, isMissing } from './checked-files.ts'
import { Refused } from './refused.ts'
import type { UndoStack } from './undo-stack.ts'

/** The content a person's approval was given for; a file that differs is not touched. */
export interface Expectation {
  readonly path: string
  /** Lower-case hex, or `absent`. */
  readonly sha256: string
}

/** Everything that changes a file. Each change replaces the file as a whole (write aside, then rename) and can be undone. */
export class ChangeFiles {
  constructor(
    private readonly files: CheckedFiles,
    private readonly undoStack: UndoStack,
  ) {}

  async write(path: string, content: string, expected?: Expectation): Promise<string> {
    const real = await this.files.target(path, (isThere) => (isThere ? 'write' : 'create'))
    const before = await this.#content(real)
    checkExpectation(real, before, expected)
    await (before === undefined ? this.#create(real, content) : this.#replace(real, content))
    await this.undoStack.push({ path: real, before, after: hash(Buffer.from(content)) })
    return `Successfully wrote to ${path}`
  }

  /** @returns the change as a unified diff in a fenced block */
  async edit(path: string, edits: readonly TextEdit[], dryRun: boolean, expected?: Expectation): Promise<string> {
    const real = await this.files.existing(path, 'read') // the diff shows what was there
    if (!dryRun) this.files.roots.require(real, 'write', path)
    const before = await this.#content(real)
    if (before === undefined) throw new Refused(`${path} is not a regular file`)
    checkExpectation(real, before, expected)
    const text = unixLines(before.toString('utf8'))
    const changed = applyEdits(text, edits)
    if ('notFound' in changed) throw new Refused(`Could not find exact match for edit:\n${changed.notFound.oldText}`)
    if (!dryRun) {
      await this.#replace(real, changed.text)
      await this.undoStack.push({ path: real, before, after: hash(Buffer.from(changed.text)) })
    }
    return fenced(createTwoFilesPatch(path, path, text, changed.text, 'original', 'modified'))
  }

  async createFolder(path: string): Promise<string> {
    await mkdir(await this.files.newFolder(path), { recursive: true })
    return `Successfully created directory ${path}`
  }

  /** Never overwrites: the destination must be free. What is moved gains no right by it. */
  async move(source: string, destination: string): Promise<string> {
    const from = await this.#itself(source, 'move')
    const inside = this.files.roots.roots.find((root) => isInside(root.path, from))
    if (inside) throw new Refused(`${source} holds the allowed folder ${inside.path}, so it cannot be moved.`)
    const fromRoot = this.files.roots.inside(from, source)
    const rightFor = (_isThere: boolean, real: string) =>
      this.files.roots.containing(real) === fromRoot ? 'move' : 'create'
    const to = await this.files.target(destination, rightFor)
    const gained = this.files.roots.inside(to, destination).rights.find((right) => gains(right, fromRoot))
    if (gained !== undefined)
      throw new Refused(
        `Access denied - ${destination} is in a folder with the right to ${gained}, which ${source} is not; it would gain it`,
      )
    await this.files.inFolderOf(from, 'move', (fromPath) =>
      this.files.inFolderOf(to, rightFor(false, to), async (toPath) => {
        if (await exists(toPath)) throw new Refused(`Destination already exists: ${destination}`)
        await moveWithoutOverwriting(fromPath, toPath)
      }),
    )
    return `Successfully moved ${source} to ${destination}`
  }

  /** A file, or an empty folder. */
  async delete(path: string, expected?: Expectation): Promise<string> {
    const real = await this.#itself(path, 'delete')
    const info = await lstat(real)
    const before = info.isFile() ? await this.#content(real) : undefined
    checkExpectation(real, before, expected)
    await this.files.inFolderOf(real, 'delete', (at) => (info.isDirectory() ? rmdir(at) : unlink(at)))
    if (before !== undefined) await this.undoStack.push({ path: real, before, after: 'absent' })
    return `Deleted ${path}`
  }

  /** Takes back this server's own last change, unless the file was changed by someone else since. */
  async undo(): Promise<string> {
    const last = await this.undoStack.last()
    if (!last) throw new Refused('There is no change of this server to undo.')
    const now = await this.#content(last.path)
    if ((now === undefined ? 'absent' : hash(now)) !== last.after) {
      throw new Refused(`${last.path} was changed by something else since; it is left as it is.`)
    }
    if (last.before === undefined) await this.files.inFolderOf(last.path, 'delete', (at) => unlink(at))
    else if (now === undefined) await this.#create(last.path, last.before)
    else await this.#replace(last.path, last.before)
    await this.undoStack.drop()
    return `Undid the last change of ${last.path}`
  }

  /** The thing named, not what a symlink at its end points to: moving or deleting a link leaves its target alone. */
  async #itself(given: string, right: FolderRight): Promise<string> {
    const absolute = this.files.roots.absolute(given)
    const parent = await this.files.existing(dirname(absolute), right)
    const real =
      absolute === dirname(absolute)
        ? parent
        : `${parent}/${absolute.slice(dirname(absolute).length).replace(/^[\\/]/, '')}`
    if (this.files.roots.roots.some((root) => root.path === real))
      throw new Refused('An allowed folder itself cannot be moved or deleted.')
    if (!(await exists(real))) throw new Refused(`ENOENT: no such file or directory: ${given}`)
    return real
  }

  async #content(real: string): Promise<Buffer | undefined> {
    try {
      if (!(await lstat(real)).isFile()) throw new Refused(`${real} is not a regular file`)
      return await readFile(real)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  /** Never takes the place of what appeared there meanwhile: that would be a change. */
  async #create(real: string, content: string | Buffer): Promise<void> {
    await this.files.inFolderOf(real, 'create', async (at) => {
      const aside = asideOf(at)
      try {
        await writeFile(aside, content, { flag: 'wx' })
        await link(aside, at).catch((error) => {
          if (error.code === 'EEXIST') throw error
          return writeFile(at, content, { flag: 'wx' }) // a disk without hard links
        })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        throw new Refused(`${real} was made by something else meanwhile. Nothing was done; look at it and try again.`)
      } finally {
        await rm(aside, { force: true })
      }
    })
  }

  async #replace(real: string, content: string | Buffer): Promise<void> {
    await this.files.inFolderOf(real, 'write', async (at) => {
      const mode = await modeOf(at)
      const aside = asideOf(at)
      try {
        await writeFile(aside, content, { flag: 'wx', mode: mode ?? 0o666 })
        if (mode !== undefined) await chmod(aside, mode)
        await rename(aside, at)
      } catch (error) {
        await rm(aside, { force: true })
        throw error
      }
    })
  }
}

const gains = (right: FolderRight, { rights }: Root) =>
  right !== 'create' && right !== 'move' && !rights.includes(right)

function checkExpectation(real: string, before: Buffer | undefined, expected: Expectation | undefined): void {
  if (!expected) return
  const now = before === undefined ? 'absent' : hash(before)
  if (expected.path !== real || now !== expected.sha256)
    throw new Refused('The file changed after the person approved this. Nothing was done; read it again and retry.')
}

const asideOf = (path: string) => `${path}.${randomBytes(8).toString('hex')}.tmp`

const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex')

async function modeOf(path: string): Promise<number | undefined> {
  const info = await stat(path).catch(() => undefined)
  return info && info.mode & 0o777
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** A hard link fails when the destination exists, which a rename would silently replace; folders have no such call. */
async function moveWithoutOverwriting(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isFile()) {
    try {
      await link(from, to)
      await unlink(from)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Refused('Destination already exists')
    }
  }
  await rename(from, to)
}

function fenced(diff: string): string {
  let fence = '```'
  while (diff.includes(fence)) fence += '`'
  return `${fence}diff\n${diff}${fence}\n\n`
}
