import type { FileHandle } from 'node:fs/promises'
import { extname } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { pathToFileURL } from 'node:url'
import { unixLines } from '../../../shared/domain/text-edits.ts'
import type { CheckedFiles } from './checked-files.ts'
import { Refused } from './refused.ts'

const chunkBytes = 64 * 1024

export async function readText(
  files: CheckedFiles,
  path: string,
  part: { head?: number | undefined; tail?: number | undefined } = {},
): Promise<string> {
  if (part.head && part.tail) throw new Refused('Cannot specify both head and tail parameters simultaneously')
  await using handle = await files.openFile(path)
  if (part.head) return await head(handle, part.head)
  if (part.tail) return await tail(handle, part.tail)
  return await handle.readFile('utf8')
}

async function head(handle: FileHandle, lines: number): Promise<string> {
  const decoder = new StringDecoder('utf8')
  const chunk = Buffer.alloc(chunkBytes)
  let text = ''
  for (let position = 0; text.split('\n').length <= lines; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position)
    if (bytesRead === 0) break
    position += bytesRead
    text += decoder.write(chunk.subarray(0, bytesRead))
  }
  return (text + decoder.end()).split('\n').slice(0, lines).join('\n')
}

async function tail(handle: FileHandle, lines: number): Promise<string> {
  const chunks: Buffer[] = []
  let newlines = 0
  for (let position = (await handle.stat()).size; position > 0 && newlines < lines; ) {
    const size = Math.min(chunkBytes, position)
    position -= size
    const chunk = Buffer.alloc(size)
    const { bytesRead } = await handle.read(chunk, 0, size, position)
    if (bytesRead === 0) break
    chunks.unshift(chunk.subarray(0, bytesRead))
    newlines += chunk.subarray(0, bytesRead).filter((byte) => byte === 0x0a).length
  }
  return unixLines(Buffer.concat(chunks).toString('utf8')).split('\n').slice(-lines).join('\n')
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.flac': 'audio/flac',
}

export type MediaContent =
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; blob: string } }

/** Images and audio as their own content, anything else as an embedded resource. */
export async function readMedia(files: CheckedFiles, path: string): Promise<MediaContent> {
  await using handle = await files.openFile(path)
  const data = (await handle.readFile()).toString('base64')
  const mimeType = mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
  if (mimeType.startsWith('image/')) return { type: 'image', data, mimeType }
  if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType }
  return { type: 'resource', resource: { uri: pathToFileURL(files.roots.absolute(path)).href, mimeType, blob: data } }
}

/** One unreadable file does not stop the others. */
export async function readMany(files: CheckedFiles, paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      try {
        return `${path}:\n${await readText(files, path)}\n`
      } catch (error) {
        return `${path}: Error - ${(error as Error).message}`
      }
    }),
  )
  return parts.join('\n---\n')
}
