import { expect, it } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { FolderEnds } from '../../main/supervisor/folder-ends.ts'
import { givenFolders } from '../../main/supervisor/given-folders.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import type { AllowedPath } from '../../shared/domain/folder-rights.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { aClock } from './a-clock.ts'

const name = 'files' as ServerName
const seal = rowSeal(Buffer.alloc(32, 1))
const hour = 3_600_000

function lending(allowedPaths: readonly AllowedPath[], failing: { restart?: boolean; record?: boolean } = {}) {
  const db = openDatabase(':memory:')
  const store = new ServerStore(db, seal)
  store.add({ ...ownServer, name, allowedPaths } satisfies ServerConfig)
  const problems: unknown[] = []
  const ticking = aClock()
  let wall = 0
  const clock = { ...ticking, now: () => (ticking.now() + wall) as EpochMs }
  const restarted: string[] = []
  const ended: string[] = []
  const ends = new FolderEnds({
    store,
    restart: async (server) => {
      restarted.push(server)
      if (failing.restart) throw new Error('it does not end')
    },
    onEnded: (_, paths) => {
      if (failing.record) throw new Error('audit.unwritable')
      ended.push(...paths)
    },
    onProblem: (error) => problems.push(error),
    clock,
  })
  const setClock = (byMs: number) => {
    wall += byMs
  }
  const kept = () => new ServerStore(db, seal).get(name)?.allowedPaths
  return { ends, clock: ticking, setClock, restarted, ended, kept, problems, failing, store }
}

const lent = { path: '/lent', access: 'write', until: hour as EpochMs } as const
const always = { path: '/always', access: 'read' } as const

it('ends a lent folder on time, restarts its server once, and keeps that it ended', () => {
  const { ends, clock, restarted, ended, kept } = lending([lent, always])
  ends.start(false)
  clock.pass(hour - 1)
  expect([restarted, kept()]).toEqual([[], [lent, always]])
  clock.pass(1)
  expect([restarted, ended]).toEqual([['files'], ['/lent']])
  expect(kept()).toEqual([{ ...lent, ended: true }, always])
  clock.pass(hour)
  expect([restarted.length, clock.waiting()]).toEqual([1, 0])
})

it('ends it after the time that was left, when the clock is set back meanwhile', () => {
  const { ends, clock, setClock, ended } = lending([lent])
  ends.start(false)
  setClock(-100 * hour)
  clock.pass(hour)
  expect(ended).toEqual(['/lent'])
})

it('ends it within half a minute when the clock is set forward', () => {
  const { ends, clock, setClock, ended } = lending([lent])
  ends.start(false)
  setClock(hour)
  clock.pass(30_000)
  expect(ended).toEqual(['/lent'])
})

it('ends what was lent when the clock was set back while Gatehouse did not run', () => {
  const { ends, ended, kept } = lending([lent, always])
  ends.start(true)
  expect([ended, kept()]).toEqual([['/lent'], [{ ...lent, ended: true }, always]])
})

it('ends what nobody can be told of yet, of every server, and tells it when that is possible again', () => {
  const { ends, clock, restarted, ended, failing, problems, store } = lending([lent], { record: true })
  store.add({ ...ownServer, name: 'more' as ServerName, allowedPaths: [{ ...lent, path: '/other' }] })
  ends.start(true)
  expect([restarted, ended, problems.length]).toEqual([['files', 'more'], [], 1])
  failing.record = false
  clock.pass(30_000)
  expect([restarted, ended]).toEqual([
    ['files', 'more'],
    ['/lent', '/other'],
  ])
  expect(clock.waiting()).toBe(0)
})

it('restarts a server that could not be restarted again, until its folder is closed to it', async () => {
  const { ends, clock, restarted, ended, failing, problems } = lending([lent], { restart: true })
  ends.start(false)
  clock.pass(hour)
  await Promise.resolve()
  await Promise.resolve()
  expect([restarted, ended, problems.length]).toEqual([['files'], ['/lent'], 1])
  failing.restart = false
  clock.pass(30_000)
  expect([restarted, ended]).toEqual([['files', 'files'], ['/lent']])
  expect(clock.waiting()).toBe(0)
})

it('is over for good: the same end given again opens nothing, a new one does', () => {
  const over = { path: '/tmp', access: 'write', until: hour as EpochMs, ended: true } as const
  const origin = { kind: 'bundled', bundle: 'filesystem' } as const
  const { ended: _, ...again } = over
  expect(givenFolders(origin, [again], [over], 0 as EpochMs)).toEqual([over])
  const longer = { ...again, until: (2 * hour) as EpochMs }
  expect(givenFolders(origin, [longer], [over], 0 as EpochMs)).toEqual([longer])
  expect(givenFolders(origin, [longer], [], (3 * hour) as EpochMs)).toEqual([{ ...longer, ended: true }])
})

it('keeps rights in their shortest form, and only for the server that can be held to them', () => {
  const bundled = { kind: 'bundled', bundle: 'filesystem' } as const
  const command = { kind: 'command', command: 'server', args: [] } as const
  const given = (access: AllowedPath['access']) => [{ path: '/tmp', access }]
  expect(givenFolders(bundled, given(['read', 'list']), [], 0 as EpochMs)).toEqual([{ path: '/tmp', access: 'read' }])
  expect(givenFolders(bundled, given(['create', 'list', 'list']), [], 0 as EpochMs)[0]?.access).toEqual([
    'list',
    'create',
  ])
  expect(givenFolders(command, given(['list', 'read']), [], 0 as EpochMs)[0]?.access).toBe('read')
  expect(() => givenFolders(command, given(['list', 'create']), [], 0 as EpochMs)).toThrow('input.invalid')
  expect(() => givenFolders(bundled, [...given('read'), ...given('write')], [], 0 as EpochMs)).toThrow('input.invalid')
})
