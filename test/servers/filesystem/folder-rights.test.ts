import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OperationRate } from '../../../main/servers/filesystem/operation-rate.ts'
import { filesystemClient } from './filesystem-client.ts'

let base: string
let inbox: string
let all: string

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-rights-')))
  inbox = join(base, 'inbox')
  all = join(base, 'all')
  mkdirSync(join(inbox, 'sub'), { recursive: true })
  mkdirSync(all)
  writeFileSync(join(inbox, 'mine.txt'), 'mine')
  writeFileSync(join(all, 'other.txt'), 'other')
})
afterEach(() => void vi.useRealTimers())

async function serving(args: readonly string[]) {
  const client = await filesystemClient(args)
  return async (name: string, given: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: given })
    return { refused: result.isError === true, text: (result.content as { text?: string }[])[0]?.text ?? '' }
  }
}
const withRights = (rights: string) => serving(['--rights', rights, inbox, all])

const path = () => join(inbox, 'mine.txt')
const calls: Readonly<Record<string, () => [string, Record<string, unknown>]>> = {
  list: () => ['list_directory', { path: inbox }],
  read: () => ['read_text_file', { path: path() }],
  write: () => ['write_file', { path: path(), content: 'new' }],
  create: () => ['write_file', { path: join(inbox, 'new.txt'), content: 'new' }],
  move: () => ['move_file', { source: path(), destination: join(inbox, 'moved.txt') }],
  delete: () => ['delete_file', { path: path() }],
}

it.each(Object.keys(calls))('with the right to %s does that, and nothing else', async (right) => {
  for (const [other, made] of Object.entries(calls)) {
    const call = await withRights(right)
    const { refused } = await call(...made())
    expect([other, refused]).toEqual([other, other !== right])
    writeFileSync(path(), 'mine')
  }
})

it('says which right is missing, and which there are', async () => {
  const call = await withRights('list,read')
  expect((await call('delete_file', { path: path() })).text).toContain('may only be read')
  const create = await withRights('list,create')
  expect((await create('delete_file', { path: path() })).text).toContain(
    'without the right to delete; it has: list, create',
  )
})

it('takes nothing out of a folder without the right to move, whatever name it is given', async () => {
  const call = await withRights('list,read,write,create,delete')
  symlinkSync(inbox, join(all, 'way'))
  for (const source of [path(), join(all, 'way/mine.txt'), join(inbox, 'sub/../mine.txt'), join(inbox, 'sub')])
    expect((await call('move_file', { source, destination: join(all, 'taken') })).refused).toBe(true)
  expect(readdirSync(inbox).sort()).toEqual(['mine.txt', 'sub'])
})

it('creates nothing without the right to create: by writing, a folder, a link, or moving it in', async () => {
  const call = await withRights('list,read,write,delete,move')
  symlinkSync(join(inbox, 'through.txt'), join(all, 'dangling'))
  symlinkSync(inbox, join(all, 'way'))
  for (const [name, args] of [
    ['write_file', { path: join(inbox, 'new.txt'), content: 'x' }],
    ['write_file', { path: join(all, 'way/new.txt'), content: 'x' }],
    ['write_file', { path: join(all, 'dangling'), content: 'x' }],
    ['create_directory', { path: join(inbox, 'made') }],
    ['move_file', { source: join(all, 'other.txt'), destination: join(inbox, 'in.txt') }],
    ['move_file', { source: join(all, 'other.txt'), destination: join(all, 'way/in.txt') }],
  ] as const)
    expect([name, (await call(name, args)).refused]).toEqual([name, true])
  expect(readdirSync(inbox).sort()).toEqual(['mine.txt', 'sub'])
})

it('changes nothing that is there with only the right to create, not by a second name of it either', async () => {
  const call = await withRights('list,read,create')
  linkSync(path(), join(inbox, 'hard'))
  symlinkSync(path(), join(all, 'soft'))
  for (const target of [path(), join(inbox, 'hard'), join(all, 'soft')])
    expect((await call('write_file', { path: target, content: 'x' })).refused).toBe(true)
  expect((await call('move_file', { source: join(all, 'other.txt'), destination: path() })).refused).toBe(true)
  expect((await call('write_file', { path: join(inbox, 'sub/new.txt'), content: 'new' })).refused).toBe(false)
  expect(readFileSync(path(), 'utf8')).toBe('mine')
})

it('does not replace what appears while it creates', async () => {
  const call = await withRights('create')
  const target = join(inbox, 'raced.txt')
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, at) => call('write_file', { path: target, content: `${at}` })),
  )
  expect(answers.filter(({ refused }) => !refused)).toHaveLength(1)
  expect(readdirSync(inbox).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

it('gives what is moved no right it did not have', async () => {
  const call = await withRights('list,move')
  const answer = await call('move_file', { source: path(), destination: join(all, 'readable.txt') })
  expect(answer).toMatchObject({ refused: true, text: expect.stringContaining('would gain') })
  expect(existsSync(path())).toBe(true)
})

it('does not move a folder with an allowed folder of fewer rights in it', async () => {
  const call = await serving([base, '--read-only', inbox])
  mkdirSync(join(base, 'outer'))
  expect((await call('move_file', { source: inbox, destination: join(base, 'elsewhere') })).refused).toBe(true)
  const nested = await serving([base, '--read-only', join(inbox, 'sub')])
  expect((await nested('move_file', { source: inbox, destination: join(base, 'outer/inbox') })).refused).toBe(true)
  expect(existsSync(join(inbox, 'sub'))).toBe(true)
})

it('lists nothing of a folder inside that may not be listed, in no tree and no search', async () => {
  writeFileSync(join(inbox, 'sub/hidden.txt'), 'x')
  const call = await serving([base, '--rights', 'create', join(inbox, 'sub')])
  expect((await call('directory_tree', { path: base })).text).not.toContain('hidden')
  expect((await call('search_files', { path: base, pattern: '**/*.txt' })).text).not.toContain('hidden')
  expect((await call('list_directory', { path: join(inbox, 'sub') })).refused).toBe(true)
})

it('undoes only with the right to do that', async () => {
  const call = await withRights('list,read,create')
  await call('write_file', { path: join(inbox, 'new.txt'), content: 'new' })
  expect((await call('undo_last_change', {})).text).toContain('without the right to delete')
  expect(existsSync(join(inbox, 'new.txt'))).toBe(true)
})

it('closes a lent folder when its time is over, also what lies in a wider one, and however the clock is set', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2030-01-01T12:00:00Z') })
  const call = await serving([base, '--until', String(Date.now() + 60_000), inbox])
  expect((await call('read_text_file', { path: path() })).refused).toBe(false)
  vi.setSystemTime(Date.parse('2029-12-25T12:00:00Z')) // set back a week
  vi.advanceTimersByTime(59_000)
  expect((await call('read_text_file', { path: path() })).refused).toBe(false)
  vi.advanceTimersByTime(2_000)
  for (const made of Object.values(calls)) expect((await call(...made())).refused).toBe(true)
  expect((await call('read_text_file', { path: join(all, 'other.txt') })).refused).toBe(false)
  expect((await call('list_allowed_directories', {})).text).toContain('its time is over')
})

it('opens again for no clock what was over once', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2030-01-01T12:00:00Z') })
  const call = await serving(['--until', String(Date.now() + 60_000), inbox])
  vi.setSystemTime(Date.parse('2030-01-02T12:00:00Z'))
  expect((await call('read_text_file', { path: path() })).refused).toBe(true)
  vi.setSystemTime(Date.parse('2030-01-01T12:00:00Z'))
  expect((await call('read_text_file', { path: path() })).refused).toBe(true)
})

it('allows so many operations a second, says when to try again, and goes on then', async () => {
  const call = await serving(['--operations-per-second', '3', inbox])
  const many = await call('read_multiple_files', { paths: Array.from({ length: 10 }, path) })
  expect(many.text.match(/mine/g)?.length).toBeGreaterThan(3)
  expect(many.text.split('Too many file operations: at most 3 a second').length - 1).toBe(7)
  let now = 0
  const rate = new OperationRate(100, () => now)
  for (let at = 0; at < 100; at++) rate.take()
  expect(() => rate.take()).toThrow('try again in 10 ms')
  now = 10
  rate.take()
  expect(() => rate.take()).toThrow('at most 100 a second')
  now = 60_000
  for (let at = 0; at < 100; at++) rate.take()
  expect(() => rate.take()).toThrow()
})
