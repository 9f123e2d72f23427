import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, type RawMessage, said } from '../support/raw-bridge.ts'

const rounds = process.env.GATEHOUSE_TEST_FULL ? 50 : 10

/** Chances that can be repeated: mulberry32. */
function chances(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe.runIf(process.platform === 'linux')(`the app killed ${rounds} times in a stream of calls`, () => {
  let app: GatehouseApp
  let editor: RawBridge
  const chance = chances(20_261_120)
  /** Calls that were answered, by the number they carried. */
  const answered = new Set<number>()
  const lost: RawMessage[] = []
  let sent = 0

  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('plain', '--trust')
    await app.addRecorder('confined', '--trust', '--sandbox', '2')
    editor = await app.client('editor')
  })
  afterAll(() => app.end())

  async function one(): Promise<void> {
    const n = ++sent
    const server = n % 2 === 0 ? 'plain' : 'confined'
    const answer = await editor.call(`${server}__act`, { n })
    if (said(answer) === 'done') answered.add(n)
    else lost.push(answer)
  }

  it.each(Array.from({ length: rounds }, (_, round) => round + 1))('comes back whole: kill %i', async () => {
    const [{ id: session } = { id: '' }] = await sessionsOf(app)
    expect(said(await editor.call('plain__linger'))).toMatch(/^\d+$/)
    const lingering = Number(said(await editor.call('plain__linger')))
    expect(said(await editor.call('confined__act', { n: 0 }))).toBe('done')
    const pid = app.pid
    const children = descendantsOf(pid)
    expect(children.length).toBeGreaterThanOrEqual(3) // both servers and the warden at least
    const stream = Array.from({ length: 8 }, async () => {
      while (app.pid === pid) await one()
    })
    await new Promise((done) => setTimeout(done, chance() * 400))
    await app.kill()
    await Promise.all(stream)

    await waitUntil(() => [lingering, ...children].every((child) => !isAlive(child)))
    await app.start()
    expect(JSON.parse((await app.cli('audit', 'verify', '--json')).out)).toMatchObject({ valid: true })
    expect(said(await editor.call('plain__act', { n: -1 }))).toBe('done')
    expect((await sessionsOf(app)).map(({ id }) => id)).toEqual([session])
  })

  it('told its client of every call that was under way, and let it go on', () => {
    expect(lost.length).toBeGreaterThan(0)
    for (const { error } of lost) {
      expect(error?.data?.['gatehouse/code']).toMatch(/^bridge\.(lost|unreachable)$/)
      expect(error?.message).toMatch(/may or may not have had an effect|Nothing was done/)
    }
    expect(editor.messages.filter(({ id }) => id === null)).toEqual([])
  })

  it('has every answered call in its log, and every call that reached a server at least begun', async () => {
    const exported = (await app.operator('audit', 'export')).out.trim().split('\n')
    const entries = exported.map((line) => JSON.parse(line) as { action: string; tool?: string; intent?: number })
    const ended = entries.filter(({ action, tool }) => action === 'tools/call' && tool?.endsWith('__act'))
    const reached = [...app.reached('plain'), ...app.reached('confined')].filter(({ name }) => name === 'act')
    expect(ended.length).toBeGreaterThanOrEqual(answered.size)
    const begun = entries.filter(({ action, tool }) => action === 'intent' && tool?.endsWith('__act'))
    expect(begun.length).toBeGreaterThanOrEqual(reached.length)
  })
})

interface Shown {
  readonly id: string
  readonly client: string
  readonly state: string
}
async function sessionsOf(app: GatehouseApp): Promise<Shown[]> {
  const { sessions } = JSON.parse((await app.cli('sessions', 'list', '--json')).out) as { sessions: Shown[] }
  return sessions.filter(({ client, state }) => client === 'editor' && state !== 'terminated')
}

/** Every process started below this one, its warden and the groups of their own included. */
function descendantsOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  const children = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** A zombie has ended; who reaps it is not ours to say. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function waitUntil(holds: () => boolean): Promise<void> {
  const until = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > until) throw new Error('it does not come to hold')
    await new Promise((done) => setTimeout(done, 25))
  }
}
