import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { beforeEach, expect, it } from 'vitest'
import { filesystemClient } from './filesystem-client.ts'

let base: string
let folder: string
let readOnly: string
let client: Client

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-fs-')))
  folder = join(base, 'allowed')
  readOnly = join(base, 'look')
  mkdirSync(folder)
  mkdirSync(readOnly)
  mkdirSync(join(base, 'allowed-not'))
  writeFileSync(join(base, 'secret.txt'), 'secret')
  writeFileSync(join(base, 'allowed-not/secret.txt'), 'secret')
  writeFileSync(join(folder, 'mine.txt'), 'mine', { mode: 0o640 })
  writeFileSync(join(readOnly, 'look.txt'), 'look')
  symlinkSync(join(base, 'secret.txt'), join(folder, 'link'))
  symlinkSync(base, join(folder, 'up'))
  symlinkSync(join(base, 'not-yet'), join(folder, 'dangling'))
  client = await filesystemClient([folder, '--read-only', readOnly])
})

const call = async (name: string, args: Record<string, unknown>, meta?: Record<string, unknown>) => {
  const result = await client.callTool({ name, arguments: args, ...(meta ? { _meta: meta } : {}) })
  return { isError: result.isError === true, text: (result.content as { text?: string }[])[0]?.text ?? '' }
}

it.each([
  '../secret.txt',
  'link',
  'up/secret.txt',
  'up/allowed-not/secret.txt',
  'sub/../../secret.txt',
  'mine.txt\0.png',
  '/proc/self/environ',
  '/dev/zero',
  '~/.ssh/id_ed25519',
  '\\\\server\\share',
  'dangling',
])('does not read %j', async (path) => {
  const answer = await call('read_text_file', { path })
  expect(answer.isError).toBe(true)
  expect(answer.text).not.toContain('secret\n')
})

it('does not take a sibling folder with the same beginning for the allowed one', async () => {
  expect((await call('read_text_file', { path: join(base, 'allowed-not/secret.txt') })).isError).toBe(true)
})

it.each(['link', 'up/new.txt', 'dangling', '../new.txt'])('does not write through %j', async (path) => {
  expect((await call('write_file', { path, content: 'x' })).isError).toBe(true)
  expect(readFileSync(join(base, 'secret.txt'), 'utf8')).toBe('secret')
  expect(existsSync(join(base, 'new.txt'))).toBe(false)
  expect(existsSync(join(base, 'not-yet'))).toBe(false)
})

it('reads but does not change a read-only folder', async () => {
  const path = join(readOnly, 'look.txt')
  expect((await call('read_text_file', { path })).text).toBe('look')
  for (const [name, args] of [
    ['write_file', { path, content: 'x' }],
    ['edit_file', { path, edits: [{ oldText: 'look', newText: 'x' }] }],
    ['delete_file', { path }],
    ['move_file', { source: path, destination: join(folder, 'moved') }],
    ['move_file', { source: join(folder, 'mine.txt'), destination: join(readOnly, 'moved') }],
    ['create_directory', { path: join(readOnly, 'new') }],
  ] as const) {
    expect([name, (await call(name, args)).isError]).toEqual([name, true])
  }
  expect(readFileSync(path, 'utf8')).toBe('look')
})

it('deletes a symbolic link, never what it points to', async () => {
  expect((await call('delete_file', { path: 'link' })).isError).toBe(false)
  expect(readFileSync(join(base, 'secret.txt'), 'utf8')).toBe('secret')
})

it('does not change the other name of a hard link', async () => {
  linkSync(join(base, 'secret.txt'), join(folder, 'hard'))
  await call('write_file', { path: 'hard', content: 'changed' })
  expect(readFileSync(join(base, 'secret.txt'), 'utf8')).toBe('secret')
})

it('does not delete an allowed folder itself', async () => {
  expect((await call('delete_file', { path: folder })).isError).toBe(true)
  expect((await call('delete_file', { path: '.' })).isError).toBe(true)
  expect(existsSync(folder)).toBe(true)
})

it('keeps the permissions of a file it rewrites', async () => {
  await call('write_file', { path: 'mine.txt', content: 'new' })
  expect(statSync(join(folder, 'mine.txt')).mode & 0o777).toBe(0o640)
})

it('undoes a write, an edit, a new file and a deletion, newest first', async () => {
  const mine = join(folder, 'mine.txt')
  await call('write_file', { path: 'mine.txt', content: 'first' })
  await call('edit_file', { path: 'mine.txt', edits: [{ oldText: 'first', newText: 'second' }] })
  await call('write_file', { path: 'new.txt', content: 'new' })
  await call('delete_file', { path: 'mine.txt' })
  expect(existsSync(mine)).toBe(false)
  await call('undo_last_change', {})
  expect(readFileSync(mine, 'utf8')).toBe('second')
  await call('undo_last_change', {})
  expect(existsSync(join(folder, 'new.txt'))).toBe(false)
  await call('undo_last_change', {})
  await call('undo_last_change', {})
  expect(readFileSync(mine, 'utf8')).toBe('mine')
  expect((await call('undo_last_change', {})).text).toContain('no change')
})

it('does not undo over a change made by someone else', async () => {
  await call('write_file', { path: 'mine.txt', content: 'from the app' })
  writeFileSync(join(folder, 'mine.txt'), 'from the person')
  expect((await call('undo_last_change', {})).isError).toBe(true)
  expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('from the person')
})

it('does not write when the file is no longer what the person approved', async () => {
  const path = join(folder, 'mine.txt')
  const approved = createHash('sha256').update('mine').digest('hex')
  writeFileSync(path, 'changed meanwhile')
  const meta = { 'gatehouse/expect-content': { path, sha256: approved } }
  expect((await call('write_file', { path, content: 'x' }, meta)).isError).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe('changed meanwhile')
  writeFileSync(path, 'mine')
  expect((await call('write_file', { path, content: 'x' }, meta)).isError).toBe(false)
})

it('says how to allow a folder when there is none', async () => {
  client = await filesystemClient([])
  expect((await call('list_directory', { path: '.' })).text).toContain('allow')
})

it('reads a pattern once and refuses one whose braces stand for too much, so that no search holds it up', async () => {
  const braces = `${'{a,b}'.repeat(40)}*`
  for (const args of [{ pattern: braces }, { pattern: '*', excludePatterns: [braces] }]) {
    const begun = performance.now()
    const answer = await call('search_files', { path: folder, ...args })
    expect([answer.isError, answer.text]).toEqual([true, expect.stringContaining('write a simpler one')])
    expect(performance.now() - begun).toBeLessThan(5_000)
  }
  expect((await call('directory_tree', { path: folder, excludePatterns: [braces] })).isError).toBe(true)
  expect((await call('search_files', { path: folder, pattern: '{mine,yours}.txt' })).text).toContain('mine.txt')
})
