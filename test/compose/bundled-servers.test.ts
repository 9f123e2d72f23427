import { expect, it } from 'vitest'
import { bundledIn, bundledServer, freeName, giveBundledServers } from '../../main/compose/bundled-servers.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { SettingsStore } from '../../main/store/settings-store.ts'
import type { EpochMs, ServerName, WorkspaceName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

/** The data folder of one app through its starts. */
function aFolder(existing: readonly string[]) {
  const settings = new SettingsStore(openDatabase(':memory:'), rowSeal(Buffer.alloc(32, 1)))
  const servers = new Set(existing)
  const [notices, warned]: [string[], unknown[]] = [[], []]
  const sandbox = { broken: false, slow: 0 }
  const database = { sound: true }
  const start = (fresh: boolean) =>
    giveBundledServers(
      {
        settings,
        tables: { isSound: () => database.sound },
        log: { warn: (what: unknown) => warned.push(what) },
        notice: (_: string, text: string) => notices.push(text),
      } as never,
      {
        servers: { get: (name: string) => (servers.has(name) ? {} : undefined) },
        administration: {
          addBundled: async ({ name }: ServerConfig) => {
            if (sandbox.broken) throw new Error('no sandbox')
            if (sandbox.slow-- > 0) throw new Error('not in time')
            servers.add(name)
          },
        },
      } as never,
      fresh,
    )
  return { servers, settings, notices, warned, start, sandbox, database }
}

it('gives a new data folder every bundled server, and none again that the person removed', async () => {
  const { servers, notices, start } = aFolder([])
  await start(true)
  expect([...servers]).toEqual(['filesystem', 'memory'])
  servers.clear()
  await start(false)
  expect([...servers]).toEqual([])
  expect(notices).toEqual([])
})

it('gives the memory once to a data folder from before it, and says so', async () => {
  const { servers, notices, start } = aFolder(['mine'])
  await start(false)
  expect([...servers]).toEqual(['mine', 'memory'])
  expect(notices).toEqual([expect.stringContaining('“memory”')])
  servers.delete('memory')
  await start(false)
  expect([...servers]).toEqual(['mine'])
})

it('leaves a server of that name that the person added', async () => {
  const { servers, notices, start } = aFolder(['memory'])
  await start(false)
  expect([[...servers], notices]).toEqual([['memory'], []])
})

it('tries again at the next start what did not work, and says until then what to do', async () => {
  const { servers, notices, warned, start, sandbox } = aFolder([])
  sandbox.broken = true
  await start(true)
  expect([[...servers], warned.length]).toEqual([[], 2])
  expect(notices).toEqual([expect.stringContaining('“filesystem” did not start'), expect.stringContaining('“memory”')])
  sandbox.broken = false
  await start(false)
  expect([...servers]).toEqual(['filesystem', 'memory'])
})

it('writes nothing into a database that was changed until the person decided', async () => {
  const { servers, settings, start, database } = aFolder(['mine'])
  database.sound = false
  await start(false)
  expect([[...servers], settings.current.givenServers]).toEqual([['mine'], ['filesystem']])
  database.sound = true
  await start(false)
  expect([...servers]).toEqual(['mine', 'memory'])
})

it('gives a slow start a second try', async () => {
  const { servers, notices, start, sandbox } = aFolder([])
  sandbox.slow = 1
  await start(true)
  expect([[...servers], notices]).toEqual([['filesystem', 'memory'], []])
})

it('finds the files server of each workspace, and names one more so that no other has the name', () => {
  const work = 'work' as WorkspaceName
  const own = bundledServer('filesystem')
  const older = {
    ...bundledServer('filesystem', { name: 'old' as ServerName, workspace: work }),
    addedAt: 1 as EpochMs,
  }
  const newer = { ...older, name: 'new' as ServerName, addedAt: 2 as EpochMs }
  const all = [newer, bundledServer('memory', { workspace: work }), older, own]
  expect(bundledIn(all, 'filesystem', own.workspace)).toBe(own)
  expect(bundledIn(all, 'filesystem', work)).toBe(older)
  expect(bundledIn([own], 'filesystem', work)).toBeUndefined()
  expect(freeName([], 'filesystem', own.workspace)).toBe('filesystem')
  expect(freeName([own], 'filesystem', work)).toBe('filesystem-work')
  const long = 'the-whole-of-the-company-at-home' as WorkspaceName
  const name = freeName([own], 'filesystem', long)
  expect(name).toBe('filesystem-the-whole-of')
  expect(freeName([own, { name }], 'filesystem', long)).toBe('filesystem-the-whole-o-2')
})
