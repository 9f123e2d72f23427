import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesystemClient } from './filesystem-client.ts'

const reference = 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js'

/** A folder with the same content for each of the two servers. */
function aFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-fs-')))
  mkdirSync(join(folder, 'sub/deep'), { recursive: true })
  writeFileSync(join(folder, 'notes.md'), 'one\ntwo\nthree\n  four\n')
  writeFileSync(join(folder, 'crlf.txt'), 'a\r\nb\r\nc\r\n')
  writeFileSync(join(folder, 'sub/image.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
  writeFileSync(join(folder, 'sub/data.bin'), Buffer.from([0, 1, 2, 255]))
  writeFileSync(join(folder, 'sub/deep/ünïcode.txt'), 'ă î ș ț')
  return folder
}

describe('the bundled filesystem server answers like @modelcontextprotocol/server-filesystem', () => {
  const oursIn = aFolder()
  const theirsIn = aFolder()
  let ours: Client
  let theirs: Client

  beforeAll(async () => {
    ours = await filesystemClient([oursIn])
    theirs = new Client({ name: 'test', version: '1' })
    await theirs.connect(
      new StdioClientTransport({ command: process.execPath, args: [reference, theirsIn], stderr: 'ignore' }),
    )
  })
  afterAll(async () => {
    await ours.close()
    await theirs.close()
  })

  const call = async (client: Client, folder: string, name: string, args: Record<string, unknown>) => {
    const text = JSON.stringify(args).replaceAll('ROOT', folder)
    const result = await client.callTool({ name, arguments: JSON.parse(text) })
    return JSON.parse(JSON.stringify(result).replaceAll(folder, 'ROOT')) as {
      isError?: boolean
      content: unknown
      structuredContent?: unknown
    }
  }

  it('offers every tool of the reference with the same argument names', async () => {
    const mine = new Map((await ours.listTools()).tools.map((tool) => [tool.name, tool]))
    for (const tool of (await theirs.listTools()).tools) {
      const properties = Object.keys(mine.get(tool.name)?.inputSchema.properties ?? {})
      expect([tool.name, properties.sort()]).toEqual([tool.name, Object.keys(tool.inputSchema.properties ?? {}).sort()])
      expect([...(mine.get(tool.name)?.inputSchema.required ?? [])].sort()).toEqual(
        [...(tool.inputSchema.required ?? [])].sort(),
      )
    }
    expect(mine.has('delete_file')).toBe(true)
    expect(mine.has('undo_last_change')).toBe(true)
  })

  const same: [string, Record<string, unknown>][] = [
    ['read_text_file', { path: 'ROOT/notes.md' }],
    ['read_text_file', { path: 'ROOT/notes.md', head: 2 }],
    ['read_text_file', { path: 'ROOT/notes.md', tail: 2 }],
    ['read_text_file', { path: 'ROOT/crlf.txt', tail: 2 }],
    ['read_text_file', { path: 'notes.md' }],
    ['read_file', { path: 'ROOT/sub/deep/u\u0308ni\u0308code.txt'.normalize('NFD') }],
    ['read_media_file', { path: 'ROOT/sub/image.png' }],
    ['read_media_file', { path: 'ROOT/sub/data.bin' }],
    ['list_directory_with_sizes', { path: 'ROOT' }],
    ['list_directory_with_sizes', { path: 'ROOT/sub/deep', sortBy: 'size' }],
    ['directory_tree', { path: 'ROOT' }],
    ['directory_tree', { path: 'ROOT', excludePatterns: ['deep'] }],
    ['search_files', { path: 'ROOT', pattern: '**/*.txt' }],
    ['search_files', { path: 'ROOT', pattern: '*.nothing' }],
    ['list_allowed_directories', {}],
    ['edit_file', { path: 'ROOT/notes.md', edits: [{ oldText: 'two', newText: 'TWO' }], dryRun: true }],
    ['edit_file', { path: 'ROOT/notes.md', edits: [{ oldText: 'two\nthree', newText: '2\n3' }] }],
    ['edit_file', { path: 'ROOT/notes.md', edits: [{ oldText: 'four', newText: 'vier\n  fünf' }] }],
    ['write_file', { path: 'ROOT/new.txt', content: 'hello' }],
    ['write_file', { path: 'ROOT/new.txt', content: 'hello again' }],
    ['create_directory', { path: 'ROOT/x/y/z' }],
    ['move_file', { source: 'ROOT/new.txt', destination: 'ROOT/x/moved.txt' }],
    ['read_multiple_files', { paths: ['ROOT/notes.md', 'ROOT/x/moved.txt'] }],
  ]
  it.each(same)('%s %j', async (name, args) => {
    const mine = await call(ours, oursIn, name, args)
    const reference = await call(theirs, theirsIn, name, args)
    expect(mine.content).toEqual(reference.content)
    expect(mine.structuredContent).toEqual(reference.structuredContent)
    expect(mine.isError ?? false).toBe(reference.isError ?? false)
  })

  it('leaves the same files behind', () => {
    for (const name of ['notes.md', 'x/moved.txt'])
      expect(readFileSync(join(oursIn, name), 'utf8')).toBe(readFileSync(join(theirsIn, name), 'utf8'))
  })

  const refused: [string, Record<string, unknown>][] = [
    ['read_text_file', { path: '/etc/hostname' }],
    ['read_text_file', { path: 'ROOT/../outside.txt' }],
    ['read_text_file', { path: 'ROOT/missing.txt' }],
    ['read_text_file', { path: 'ROOT/notes.md', head: 1, tail: 1 }],
    ['write_file', { path: '/etc/gatehouse-test', content: 'x' }],
    ['edit_file', { path: 'ROOT/notes.md', edits: [{ oldText: 'nowhere', newText: '' }] }],
    ['move_file', { source: 'ROOT/notes.md', destination: 'ROOT/crlf.txt' }],
    ['read_text_file', { path: 'C:\\Users\\x.txt' }],
  ]
  it.each(refused)('both refuse %s %j', async (name, args) => {
    expect((await call(theirs, theirsIn, name, args)).isError).toBe(true)
    expect((await call(ours, oursIn, name, args)).isError).toBe(true)
  })
})
