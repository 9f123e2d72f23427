import { existsSync } from 'node:fs'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Seek } from '../../shared/domain/subject.ts'
import type { FoundItem, PersonalStore } from './personal-store.ts'

/** A line longer than this is searched piece by piece. */
const longestLineBytes = 1024 * 1024
const newline = 10

interface Line {
  readonly position: number
  readonly bytes: Buffer
}

/**
 * Gatehouse's own log and what servers wrote to their error streams. A line that names the person is overwritten where it
 * lies by as many `#`, so that whoever is writing the file goes on unharmed.
 *
 * @param inMemory latest lines that are not, or not only, in files: they go too, and what waits is written before
 */
export function logFiles(
  folder: string,
  inMemory: (fits: (line: string) => boolean) => Promise<number>,
): PersonalStore {
  return {
    name: 'logs',
    find: async ({ seek }, { signal, onPercent }) => {
      await inMemory(() => false)
      const found: FoundItem[] = []
      const files = await filesIn(folder)
      for (const [at, file] of files.entries()) {
        await opened(join(folder, file), 'r', async (log) => {
          for await (const { line, number } of linesNaming(log, seek))
            found.push({
              ref: `${file}:${line.position}`,
              where: `${file}:${number}`,
              excerpt: seek(line.bytes.toString('utf8')) ?? '',
            })
        })
        signal?.throwIfAborted()
        onPercent?.(Math.floor(((at + 1) / files.length) * 100))
      }
      return found
    },
    erase: async ({ seek }) => {
      await inMemory((line) => seek(line) !== undefined)
      let count = 0
      for (const file of await filesIn(folder)) count += await blankLines(join(folder, file), seek)
      return count
    },
  }
}

/** Read and written as the one file it was when it was opened, though logs turn over meanwhile. */
async function blankLines(path: string, seek: Seek): Promise<number> {
  let count = 0
  await opened(path, 'r+', async (file) => {
    for await (const { line } of linesNaming(file, seek)) {
      await blank(file, line)
      count += 1
    }
    if (count > 0) await file.sync()
  })
  return count
}

/** Does nothing where the file is gone by now: a log that turns over has its name a moment later. */
async function opened(path: string, how: 'r' | 'r+', work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, how).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (!file) return
  try {
    await work(file)
  } finally {
    await file.close()
  }
}

const blank = (file: FileHandle, { position, bytes }: Line) =>
  file.write(Buffer.alloc(bytes.length, '#'), 0, bytes.length, position)

async function filesIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

async function* linesNaming(file: FileHandle, seek: Seek): AsyncGenerator<{ line: Line; number: number }> {
  let number = 0
  for await (const line of linesOf(file)) {
    number += 1
    if (seek(line.bytes.toString('utf8')) !== undefined) yield { line, number }
    if (number % 500 === 0) await new Promise(setImmediate)
  }
}

async function* linesOf(file: FileHandle): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0)
  let position = 0
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      yield { position: position + start, bytes: bytes.subarray(start, end) }
      start = end + 1
    }
    rest = bytes.subarray(start)
    position += start
    if (rest.length <= longestLineBytes) continue
    yield { position, bytes: rest }
    position += rest.length
    rest = Buffer.alloc(0)
  }
  if (rest.length > 0) yield { position, bytes: rest }
}
