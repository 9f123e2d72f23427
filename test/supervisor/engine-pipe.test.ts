import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { Equipped } from '../../main/kernel/exchange.ts'
import type { Confinement } from '../../main/sandbox/sandbox.ts'
import { EnginePipe } from '../../main/supervisor/engine-pipe.ts'
import { type ServerProcess, startStdioProcess } from '../../main/supervisor/hosts/stdio-host.ts'
import type { Engine } from '../../main/supervisor/ports.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { memoryUnknown } from '../../shared/errors.ts'

/** A process someone took over: what it is told on its input it says to the engine, and what that answers it prints. */
const takenOver = `
  const pipe = new (require('node:net').Socket)({ fd: 3, readable: true, writable: true })
  pipe.on('data', (data) => process.stdout.write(data))
  process.stdin.on('data', (data) => pipe.write(data)).on('end', () => process.exit())
`
const confined: Confinement = {
  argv: [process.execPath, '-e', takenOver],
  env: {},
  cwd: mkdtempSync(join(tmpdir(), 'gatehouse-pipe-')),
  describe: 'none',
  mayTouch: [],
  guard: () => {},
  deniedHosts: () => [],
  onDeniedHost: () => () => {},
  allowHosts: () => true,
  touchedDecoys: () => [],
  release: async () => {},
}
const judged = { callId: 'ca_1', arguments: { name: 'as judged' } } as unknown as Equipped
const started: ServerProcess[] = []
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
})

async function aFace() {
  const heard: object[] = []
  const done: [Equipped, unknown][] = []
  const running = new Map([['ca_1', judged]])
  const ended = Promise.withResolvers<string>()
  const listeners = new Map<string, (change: unknown) => void>()
  const engine: Engine = {
    prepare: ({ callId }) => ({ about: callId }),
    run: async (call, given) => {
      done.push([call, given])
      if (given === 'fail') throw new Error('/home/me/secret.db is locked')
      if (given === 'unknown') throw memoryUnknown('Eve')
      return { told: 'all' }
    },
    watch: (workspace, tell) => {
      listeners.set(workspace, tell)
      return () => listeners.delete(workspace)
    },
  }
  const events = { line: (line: string) => heard.push(JSON.parse(line)), stderr: () => {}, ended: ended.resolve }
  const server = await startStdioProcess(confined, { watch: () => {}, unwatch: () => {} }, events, true)
  started.push(server)
  if (server.pipe === undefined) throw new Error('it has no pipe')
  const parts = { engine, workspace: 'work' as WorkspaceName, running: (id: string) => running.get(id) }
  const pipe = new EnginePipe({ ...parts, pipe: server.pipe, kill: (problem) => server.kill(problem) })
  const answer = async (id: number) => {
    await expect.poll(() => heard.some((one) => (one as { id?: number }).id === id)).toBe(true)
    return heard.find((one) => (one as { id?: number }).id === id)
  }
  return { server, pipe, heard, done, running, listeners, ended: ended.promise, answer }
}

it('does a call the process works on, as it was judged, once', async () => {
  const { server, done, answer } = await aFace()
  server.send('{"id":1,"call":"ca_1"}')
  expect(await answer(1)).toEqual({ id: 1, result: { told: 'all' } })
  server.send('{"id":2,"call":"ca_1"}')
  expect(await answer(2)).toEqual({ id: 2, error: 'The call could not be done.' })
  expect(done).toEqual([[judged, undefined]])
})

it('says once what the client is to be asked, only before the call is done', async () => {
  const { server, done, answer } = await aFace()
  server.send('{"id":1,"call":"ca_1","prepare":true}')
  expect(await answer(1)).toEqual({ id: 1, result: { about: 'ca_1' } })
  server.send('{"id":2,"call":"ca_1","prepare":true}')
  expect(await answer(2)).toEqual({ id: 2, error: 'The call could not be done.' })
  server.send('{"id":3,"call":"ca_2","prepare":true}')
  expect(await answer(3)).toHaveProperty('error')
  expect(done).toEqual([])
  server.send('{"id":4,"call":"ca_1","given":"found"}')
  expect(await answer(4)).toEqual({ id: 4, result: { told: 'all' } })
  expect(done).toEqual([[judged, 'found']])
})

it('does nothing for a call the process was not given, or has answered', async () => {
  const { server, done, running, answer } = await aFace()
  server.send('{"id":1,"call":"ca_2"}')
  expect(await answer(1)).toHaveProperty('error')
  running.delete('ca_1')
  server.send('{"id":2,"call":"ca_1"}')
  expect(await answer(2)).toHaveProperty('error')
  expect(done).toEqual([])
})

it.each([
  ['a workspace', '{"id":1,"call":"ca_1","workspace":"other"}'],
  ['arguments', '{"id":1,"call":"ca_1","arguments":{"name":"another"}}'],
  ['a writer', '{"id":1,"call":"ca_1","client":"window","labels":[]}'],
  ['what is no JSON', 'DROP TABLE concept'],
  ['a list', '[1,2]'],
])('ends a process that names %s', async (_, line) => {
  const { server, done, ended } = await aFace()
  server.send(line)
  expect(await ended).toContain('its engine')
  expect(done).toEqual([])
})

it('ends a process that sends without end', async () => {
  const { server, ended } = await aFace()
  server.send(`{"id":1,"call":"${'x'.repeat(2 * 1024 * 1024)}"}`)
  expect(await ended).toContain('over 1 MB')
})

it('tells what was refused, and nothing of what went wrong inside', async () => {
  const { server, running, answer } = await aFace()
  server.send('{"id":1,"call":"ca_1","given":"unknown"}')
  expect(await answer(1)).toEqual({ id: 1, error: 'Entity with name Eve not found' })
  running.set('ca_3', { ...judged } as Equipped)
  server.send('{"id":2,"call":"ca_3","given":"fail"}')
  expect(await answer(2)).toEqual({ id: 2, error: 'The call could not be done.' })
})

it('tells of changes in its workspace until it is closed', async () => {
  const { pipe, heard, listeners } = await aFace()
  expect([...listeners.keys()]).toEqual(['work'])
  listeners.get('work')?.({ concepts: ['co_1'], more: false })
  await expect.poll(() => heard).toEqual([{ changed: { concepts: ['co_1'], more: false } }])
  pipe.close()
  expect(listeners.size).toBe(0)
})
