import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answerFigures } from '../../main/anomalies/answer-figures.ts'
import { Behaviour } from '../../main/anomalies/behaviour.ts'
import type { Violation } from '../../main/anomalies/violations.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aSupervisor, packagedServer } from '../support/a-supervisor.ts'

const greedy = resolve('test/support/greedy-server/greedy-server.js')
const lookEveryMs = 60

/** Real processes in a real sandbox, measured from the system; only faster than every ten seconds. */
describe.runIf(process.platform === 'linux')('the behaviour of real servers', () => {
  let base: string
  let sandbox: SystemSandbox
  let gatehouse: ReturnType<typeof aSupervisor>
  let found: Violation[]
  let behaviour: Behaviour

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-anomalies-')))
    for (const one of ['data', 'servers']) mkdirSync(join(base, one))
    sandbox = new SystemSandbox({ dataFolder: join(base, 'data'), serverTemp: join(base, 'servers') })
    found = []
    behaviour = new Behaviour({
      identity: () => 'v1',
      kept: { load: () => undefined, save: () => {} },
      onViolation: (violation) => found.push(violation),
    })
    gatehouse = aSupervisor({
      sandbox,
      onUsage: (server, usage) => behaviour.used(server, usage),
      onAnswered: ({ server, entry }, reply, latencyMs) => {
        if (reply.kind === 'result')
          behaviour.answered(server.name, { entry: entry.name, latencyMs, ...answerFigures(reply.result) })
      },
    })
  })
  afterEach(async () => {
    await gatehouse.end()
    await sandbox.stop()
    rmSync(base, { recursive: true, force: true })
  })

  const looks = async (count: number, between: () => Promise<unknown>) => {
    for (let at = 0; at < count; at++) {
      await between()
      await pause(lookEveryMs)
      gatehouse.supervisor.upkeep.governor.look()
    }
  }
  const does = (deed: string, args: JsonObject = {}) => gatehouse.call(`greedy__${deed}`, args, { deadlineMs: 30_000 })

  it('is noticed when one answers fifty times as much, starts programs and writes: to be switched off', async () => {
    await gatehouse.add('greedy', [greedy], { sandbox: 2 })
    let size = 0
    await looks(40, async () => {
      size = (size * 7 + 13) % 4000
      await does('echo', { text: 'x'.repeat(size) })
      await does('write', { path: join('/tmp', 'note'), text: 'x'.repeat(size) })
    })
    expect(found).toEqual([])
    await does('processes', { count: 60 })
    await looks(10, async () => {
      await does('large', { bytes: 400_000 })
      await does('disk', { mb: 30 })
    })
    const worst = found.at(-1)
    expect(worst?.severity).toMatch(/high|critical/)
    for (const figure of ['size of answers', 'disk writes', 'processes']) expect(worst?.evidence).toContain(figure)
  })

  it('is never noticed in thousands of ordinary calls of server-everything and server-memory', async () => {
    await gatehouse.add('everything', [packagedServer('server-everything')], { sandbox: 2 })
    await gatehouse.add('memory', [packagedServer('server-memory')], {
      sandbox: 2,
      env: { MEMORY_FILE_PATH: '/tmp/memory.jsonl' },
    })
    let at = 0
    await looks(60, async () => {
      const calls = [...Array(25)].map(() => {
        at += 1
        return gatehouse.call('everything__echo', { message: 'x'.repeat((at * at * 31) % 3000) })
      })
      const entity = { name: `n${at}`, entityType: 'thing', observations: ['o'.repeat((at * 17) % 500)] }
      calls.push(gatehouse.call('memory__create_entities', { entities: [entity] }))
      calls.push(gatehouse.call('memory__search_nodes', { query: 'n' }))
      await Promise.all(calls)
    })
    expect(behaviour.shown('everything' as never).find(({ name }) => name === 'size of answers')?.samples).toBe(1500)
    expect(found).toEqual([])
  })
})
