import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newTrail } from '../../main/audit/call-trail.ts'
import { TaskDesk } from '../../main/gateway/tasks/task-desk.ts'
import type { Received } from '../../main/kernel/exchange.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { migrations } from '../../main/store/migrations/migrations.ts'
import { TaskStore } from '../../main/tasks/task-store.ts'
import { Tasks } from '../../main/tasks/tasks.ts'
import type { Client, ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { ClientId, SessionId } from '../../shared/domain/ids.ts'

const client = { id: 'cl_mine' as ClientId, name: 'Editor' } as Client
let folder: string
let db: Database
let written: string[]
let desk: TaskDesk

/** A desk whose calls do this. */
async function aDesk(work: (peer: ClientPeer, signal: AbortSignal) => Promise<Reply>): Promise<Tasks> {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-floods-'))
  db = openDatabase(join(folder, 'test.db'), migrations)
  const cipher = await DataKeys.open(join(folder, 'keys.json'), randomBytes(32))
  const store = new TaskStore(db, cipher, () => {})
  const tasks = new Tasks({ store, onChange: ({ content }) => void written.push(content.statusMessage ?? '') })
  const handle = ({ peer, signal }: Received) => work(peer, signal)
  desk = new TaskDesk({
    tasks,
    handle,
    sessionFor: () => 'se_1' as SessionId,
    credentialOf: (session) => `key of ${session}`,
    onError: () => {},
    afterMs: 0,
  })
  return tasks
}
beforeEach(() => {
  written = []
})
afterEach(() => {
  desk.stop()
  db.close()
  rmSync(folder, { recursive: true })
})

const received = (): Received =>
  ({
    callId: 'call_1',
    door: 'bridge',
    credential: { clientId: client.id, sessionId: 'se_1' },
    method: 'tools/call',
    target: 'jobs__run',
    arguments: { text: 'x'.repeat(1_000_000) },
    extra: { task: {} },
    peer: { protocol: '2025-11-25', capabilities: {}, progress: () => {}, notify: () => {}, request: () => {} },
    signal: new AbortController().signal,
    trail: newTrail(),
  }) as unknown as Received

it('does not write a task down for each word of a talkative server, and keeps its latest', async () => {
  let finish: (reply: Reply) => void = () => {}
  const tasks = await aDesk(async (peer) => {
    for (let count = 1; count <= 300; count++)
      peer.progress({ progress: count, message: `step ${count} ${'y'.repeat(5_000)}` })
    for (let count = 1; count <= 100; count++) peer.atWork?.('server-task', `at ${count}`)
    return new Promise((resolve) => {
      finish = resolve
    })
  })
  const { task } = (await desk.run(received(), client, { generation: 'experimental' })) as { task: { taskId: string } }
  expect(written.length).toBeLessThan(5)
  const message = () => tasks.of(client.id, task.taskId)?.content.statusMessage
  await expect.poll(message, { timeout: 3_000 }).toBe('at 100')
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(1_000)
  finish({ kind: 'result', result: {} })
  await expect.poll(() => tasks.of(client.id, task.taskId)?.state).toBe('completed')
  expect(written.length).toBeLessThan(7)
})

it('keeps with a task what its caller proved, so that it goes on as confined', async () => {
  const tasks = await aDesk(() => new Promise(() => {}))
  const { task } = (await desk.run(received(), client, { generation: 'experimental' })) as { task: { taskId: string } }
  expect(tasks.of(client.id, task.taskId)?.content.credential).toBe('key of se_1')
})

it('ends the call of a task whose time is over: nobody could hear of it, and it would count for nobody', async () => {
  const ended: string[] = []
  await aDesk(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          ended.push('withdrawn')
          reject(signal.reason)
        })
      }),
  )
  const short = { ...received(), extra: { task: { ttl: 1_000 } } }
  await desk.run(short, client, { generation: 'experimental', ttlMs: 1_000 })
  await expect.poll(() => ended, { timeout: 3_000 }).toEqual(['withdrawn'])
})
