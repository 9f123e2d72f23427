import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../main/store/database.ts'
import { Compliance } from '../../../main/supervisor/compliance/compliance.ts'
import { GradeStore } from '../../../main/supervisor/compliance/grade-store.ts'
import type { LaunchParts } from '../../../main/supervisor/launch.ts'
import { openRemote } from '../../../main/supervisor/remote/remote-host.ts'
import type { ComplianceReport } from '../../../shared/contract/compliance.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { RemoteTransport } from '../../../shared/domain/remote.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { badServer, packagedServer } from '../../support/a-supervisor.ts'
import { levelZeroSandbox } from '../../support/level-zero-sandbox.ts'
import { everythingOver, fixtureOverHttp, type RemoteServer } from '../../support/remote-servers/remote-servers.ts'
import { roughServer } from '../../support/remote-servers/rough-server.ts'

const fixture = (...path: string[]) => resolve(import.meta.dirname, '../../support', ...path)
let folder: string
let watched: Set<number>
let started: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-grade-'))
  watched = new Set()
  started = 0
})
afterEach(() => {
  expect(watched.size).toBe(0) // no process is left
  rmSync(folder, { recursive: true })
})

const aCheck = (args: readonly string[], env: Record<string, string> = {}, startMs = 10_000, answerMs = 2_000) =>
  aCheckOf({ kind: 'command', command: process.execPath, args }, env, startMs, answerMs)

const aRemoteCheck = (url: string, transport: RemoteTransport = 'detect') =>
  aCheckOf({ kind: 'remote', url, transport, headers: [] })

function aCheckOf(
  origin: ServerConfig['origin'],
  env: Record<string, string> = {},
  startMs = 10_000,
  answerMs = 2_000,
) {
  const name = 'graded' as ServerName
  const server = { name, origin, env, sandbox: 0, allowedPaths: [] } as unknown as ServerConfig
  const told: string[] = []
  const compliance = new Compliance({
    store: { need: () => server },
    grades: new GradeStore(openDatabase(':memory:')),
    sandbox: levelZeroSandbox(),
    warden: {
      watch: (pid) => {
        started++
        watched.add(pid)
      },
      unwatch: (pid) => watched.delete(pid),
    },
    launch: {} as LaunchParts,
    connect: async ({ origin: where }, secrets) => {
      if (where.kind !== 'remote') throw new Error('it runs here')
      return (events) => openRemote({ origin: where, secrets }, events)
    },
    lease: async () => ({}),
    redact: (text) => text.replaceAll('hunter2', '•'),
    clientInfo: { name: 'gatehouse', version: '0' },
    onGraded: ({ server, grade }) => told.push(`${server} ${grade}`),
    startMs,
    answerMs,
  })
  return { compliance, told, check: () => compliance.check(name), name }
}

const outcomes = ({ checks }: ComplianceReport) => Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]))

describe('the reference servers', () => {
  it.each([
    ['server-everything', []],
    ['server-memory', []],
    ['server-filesystem', [tmpdir()]],
  ] as const)('gives %s a good grade, with all its sections', async (name, args) => {
    const {
      check,
      compliance,
      told,
      name: server,
    } = aCheck([packagedServer(name), ...args], {
      MEMORY_FILE_PATH: join(folder, 'memory.jsonl'),
    })
    const report = await check()
    expect(report).toMatchObject({ grade: expect.stringMatching(/^[AB]$/), protocols: ['2025-11-25'] })
    expect(report.score).toBeGreaterThanOrEqual(80)
    expect(outcomes(report)).toMatchObject({
      'initialization.answers': 'pass',
      'messages.output': 'pass',
      'messages.format': 'pass',
      'errors.unknown-method': 'pass',
      'errors.malformed': expect.stringMatching(/pass|partly/),
      'negotiation.unknown-revision': 'pass',
      'tools.schemas': 'pass',
    })
    expect(compliance.latest(server)).toEqual(report)
    expect(told).toEqual([`graded ${report.grade}`])
    compliance.forget(server)
    expect(compliance.grades()).toEqual([])
  })

  it('grades servers of 2026-07-28 in their own revision', async () => {
    const modern = await aCheck([badServer('modern'), '--only']).check()
    expect(modern.protocols).toContain('2026-07-28')
    expect(modern.score).toBeGreaterThanOrEqual(80)
    expect(outcomes(modern)['messages.ping']).toBe('skip')
  })
})

describe('bad servers', () => {
  it.each([
    ['exits-at-once', 'Instead it ended'],
    ['garbage', 'text that is not MCP'],
    ['never-answers', 'did not answer in time'],
  ])('gives %s nothing, and says why', async (name, why) => {
    const report = await aCheck([badServer(name)], {}, 1_000, 300).check()
    expect(report).toMatchObject({ score: expect.any(Number), grade: 'F' })
    expect(report.score).toBeLessThan(40)
    expect(report.checks.find(({ id }) => id === 'initialization.answers')?.problem).toContain(why)
    expect(report.recommendations[0]).toContain('initialize')
  })

  it('finds what a server does wrong, and calls none of its tools', async () => {
    const record = join(folder, 'called')
    const report = await aCheck([fixture('bad-servers', 'ill-mannered.js'), record]).check()
    expect(outcomes(report)).toMatchObject({
      'initialization.answers': 'pass',
      'initialization.complete': 'fail',
      'initialization.asks-nothing': 'fail',
      'messages.output': 'fail',
      'messages.format': 'fail',
      'errors.unknown-method': 'fail',
      'negotiation.unknown-revision': 'fail',
      'tools.unique': 'fail',
      'tools.schemas': 'fail',
      'tools.names': 'fail',
      'prompts.list': 'partly',
    })
    expect(report.grade).toMatch(/[DF]/)
    expect(JSON.stringify(report)).not.toContain('hunter2')
    expect(report.recommendations.length).toBeGreaterThan(5)
    expect(readFileSync(record, 'utf8')).not.toMatch(/tools\/call|prompts\/get|resources\/read/)
  })

  it('is checked once for all who ask at the same time', async () => {
    const { check } = aCheck([packagedServer('server-memory')], { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') })
    const [one, other] = await Promise.all([check(), check()])
    expect(one).toBe(other)
    expect(started).toBe(2) // one process for the talk, one for the introduction it must refuse
  })
})

describe('servers on other computers', () => {
  let remote: RemoteServer | undefined
  afterEach(async () => {
    await remote?.stop()
    remote = undefined
  })

  it.each(['streamableHttp', 'sse'] as const)('gives server-everything over %s a good grade', async (transport) => {
    remote = await everythingOver(transport)
    const report = await aRemoteCheck(remote.url, transport === 'sse' ? 'sse' : 'detect').check()
    expect(report).toMatchObject({ grade: expect.stringMatching(/^[AB]$/), protocols: ['2025-11-25'] })
    expect(outcomes(report)).toMatchObject({
      'initialization.answers': 'pass',
      'messages.ping': 'pass',
      'errors.unknown-method': 'pass',
      'errors.malformed': 'skip',
      'tools.schemas': 'pass',
    })
    expect(started).toBe(0)
  })

  it('meets a server of both eras in both', async () => {
    remote = await fixtureOverHttp()
    const report = await aRemoteCheck(remote.url).check()
    expect(report.protocols).toEqual(expect.arrayContaining(['2025-11-25', '2026-07-28']))
    expect(report.score).toBeGreaterThanOrEqual(80)
  })

  it('says why one that refuses, or is not there, cannot be graded well', async () => {
    const refusing = await roughServer({ initialize: (response) => void response.writeHead(401).end() })
    const { check } = aRemoteCheck(refusing.url, 'http')
    const report = await check()
    await refusing.close()
    expect(report.grade).toBe('F')
    expect(report.checks[0]?.problem).toContain('It wants a sign-in')
    expect((await check()).checks[0]?.problem).toContain('did not answer')
  })
})
