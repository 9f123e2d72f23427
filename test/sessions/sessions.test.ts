import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SessionStore } from '../../main/sessions/session-store.ts'
import { Sessions, type ShownSession } from '../../main/sessions/sessions.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { Client } from '../../shared/domain/call.ts'
import { type ClientId, defaultWorkspace, type EpochMs } from '../../shared/domain/ids.ts'

const editor: Client = {
  id: 'cl_1' as ClientId,
  name: 'Editor',
  workspace: defaultWorkspace,
  state: 'paired',
  pairedAt: 0 as EpochMs,
}
const other: Client = { ...editor, id: 'cl_2' as ClientId, name: 'Other' }
const key = randomBytes(32)
const minute = 60_000

function anApp(db = openDatabase(':memory:'), time = { now: 1_000_000_000_000 }) {
  const changes: ShownSession[] = []
  const over: string[] = []
  const sessions = new Sessions({
    store: new SessionStore(db, rowSeal(key)),
    onChange: (session) => changes.push(session),
    onEnded: (id, state) => over.push(`${id} ${state}`),
    now: () => time.now as EpochMs,
    sweepMs: 0,
  })
  return {
    sessions,
    db,
    time,
    changes,
    over,
    restarted: () => {
      sessions.stop()
      const next = anApp(db, time)
      next.sessions.start()
      return next
    },
  }
}

describe('a session', () => {
  it('begins initializing, becomes active with the first sign of life and idle when the bridge leaves', () => {
    const { sessions, changes } = anApp()
    const { id, state } = sessions.open(editor, 'bridge', '2025-11-25')
    expect(state).toBe('initializing')
    sessions.touch(id)
    expect(sessions.get(id)?.state).toBe('active')
    sessions.leave(id)
    expect(sessions.get(id)?.state).toBe('idle')
    expect(changes.map((change) => change.state)).toEqual(['initializing', 'active', 'idle'])
  })

  it('is kept over a reconnect and a restart of the app, for its own client only', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'bridge')
    app.sessions.leave(id)
    expect(app.sessions.resume(id, editor)?.id).toBe(id)
    const next = app.restarted()
    expect(next.sessions.resume(id, other)).toBeUndefined()
    expect(next.sessions.resume(id, editor)).toMatchObject({ id, state: 'active' })
  })

  it('stays what its caller proved, also over a restart: what its API key is confined to holds for what goes on', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'http', '2025-11-25', 'key_1')
    const again = app.restarted()
    expect(again.sessions.get(id)?.credential).toBe('key_1')
    expect(again.sessions.forStateless(editor, 'key_1').id).not.toBe(id)
    app.db.prepare("UPDATE session SET proof = 'key_2' WHERE id = ?").run(id)
    expect(again.restarted().sessions.get(id)?.credential).not.toBe('key_2')
  })

  it('expires after half an hour without a sign of life, but not while its bridge is connected', () => {
    const app = anApp()
    const connected = app.sessions.open(editor, 'bridge')
    const left = app.sessions.open(editor, 'bridge')
    app.sessions.leave(left.id)
    app.time.now += 31 * minute
    app.sessions.sweep()
    expect(app.over).toEqual([`${left.id} expired`])
    expect(app.sessions.get(connected.id)).toBeDefined()
    expect(app.sessions.resume(left.id, editor)).toBeUndefined()
  })

  it('does not come back after a restart once it ended or its time is over', () => {
    const app = anApp()
    const done = app.sessions.open(editor, 'bridge')
    const idle = app.sessions.open(editor, 'bridge')
    app.sessions.end(done.id)
    app.sessions.leave(idle.id)
    app.sessions.flush()
    app.time.now += 31 * minute
    const next = app.restarted()
    expect(next.sessions.resume(done.id, editor)).toBeUndefined()
    next.sessions.sweep()
    expect(next.sessions.resume(idle.id, editor)).toBeUndefined()
  })

  it('does not come back when its row is edited', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'bridge')
    app.sessions.end(id)
    app.db.prepare("UPDATE session SET state = 'idle' WHERE id = ?").run(id)
    expect(app.restarted().sessions.resume(id, editor)).toBeUndefined()
  })

  it('is one for each API key of a stateless client', () => {
    const app = anApp()
    const first = app.sessions.forStateless(editor, 'key 1')
    expect(app.sessions.forStateless(editor, 'key 1').id).toBe(first.id)
    expect(app.sessions.forStateless(editor, 'contract', undefined, 'cli').door).toBe('cli')
    expect(app.sessions.forStateless(editor, 'key 2').id).not.toBe(first.id)
    expect(app.sessions.forStateless(other, 'key 1').id).not.toBe(first.id)
    const next = app.restarted()
    expect(next.sessions.forStateless(editor, 'key 1').id).toBe(first.id)
    next.time.now += 31 * minute
    next.sessions.sweep()
    expect(next.sessions.forStateless(editor, 'key 1').id).not.toBe(first.id)
  })

  it('refuses calls while suspended and after its end', () => {
    const { sessions } = anApp()
    const { id } = sessions.open(editor, 'bridge')
    expect(sessions.identify(id, editor.id).id).toBe(id)
    expect(() => sessions.identify(id, other.id)).toThrow('session.ended')
    sessions.suspend(id)
    expect(() => sessions.identify(id, editor.id)).toThrow('client.suspended')
    expect(() => sessions.resume(id, editor)).toThrow('client.suspended')
    sessions.touch(id)
    expect(sessions.get(id)?.state).toBe('suspended')
    expect(sessions.wake(id)).toBe(true)
    expect(sessions.identify(id, editor.id).state).toBe('active')
    sessions.end(id)
    expect(() => sessions.identify(id, editor.id)).toThrow('session.ended')
  })

  it('stays suspended over a restart', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'bridge')
    app.sessions.suspend(id)
    expect(() => app.restarted().sessions.resume(id, editor)).toThrow('client.suspended')
  })

  it('counts calls in memory and writes them in groups', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'bridge')
    app.sessions.touch(id)
    for (let n = 0; n < 10; n++) app.sessions.count(id, n % 5 === 0)
    const stored = () => app.db.prepare('SELECT calls, refused FROM session WHERE id = ?').get(id)
    expect(stored()).toEqual({ calls: 0, refused: 0 })
    app.sessions.flush()
    expect(stored()).toEqual({ calls: 10, refused: 2 })
    expect(app.changes.at(-1)).toMatchObject({ id, calls: 10, refused: 2 })
    expect(app.sessions.list()).toMatchObject([{ id, client: 'Editor', calls: 10 }])
  })

  it('ends with its client', () => {
    const app = anApp()
    const mine = app.sessions.open(editor, 'bridge')
    const theirs = app.sessions.open(other, 'bridge')
    app.sessions.endClient(editor.id)
    expect(app.over).toEqual([`${mine.id} terminated`])
    expect(app.sessions.get(theirs.id)).toBeDefined()
    expect(app.sessions.list().map(({ state }) => state)).toContain('terminated')
  })

  it('outlives a full disk, and is written down when there is room again', () => {
    const app = anApp()
    const { id } = app.sessions.open(editor, 'bridge')
    app.db.pragma(`max_page_count = ${app.db.pragma('page_count', { simple: true })}`)
    const crowd = Array.from({ length: 200 }, () => app.sessions.open(other, 'http').id)
    expect(app.sessions.end(id)).toBe(true)
    app.sessions.sweep()
    expect(crowd.every((one) => app.sessions.get(one) !== undefined)).toBe(true)
    app.db.pragma('max_page_count = 1000000')
    const next = app.restarted()
    expect(next.sessions.get(crowd.at(-1) ?? '')).toBeDefined()
    expect(next.sessions.get(id)).toBeUndefined()
  })
})

describe('a session that follows one a person ended', () => {
  const followers = (app: ReturnType<typeof anApp>) =>
    app.sessions.list().flatMap(({ id, follows }) => (follows === undefined ? [] : [[id, follows]]))

  it('is the first the same app opens afterwards, and is known as such after a restart', () => {
    const app = anApp()
    const first = app.sessions.open(editor, 'bridge')
    app.time.now += minute
    const beside = app.sessions.open(editor, 'bridge')
    app.time.now += minute
    app.sessions.end(first.id)
    app.time.now += 1
    app.sessions.open(other, 'bridge')
    const next = app.sessions.open(editor, 'bridge')
    app.time.now += minute
    app.sessions.open(editor, 'bridge')
    expect(beside.id).not.toBe(next.id)
    expect(followers(app)).toEqual([[next.id, first.id]])
    expect(followers(app.restarted())).toEqual([[next.id, first.id]])
  })

  it('is none after one that expired', () => {
    const app = anApp()
    const first = app.sessions.open(editor, 'bridge')
    app.sessions.end(first.id, 'expired')
    app.time.now += minute
    app.sessions.open(editor, 'bridge')
    expect(followers(app)).toEqual([])
  })
})
