import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import type { CellChange } from '../../main/cells/cell-book.ts'
import { CellStore } from '../../main/cells/cell-store.ts'
import { Cells } from '../../main/cells/cells.ts'
import { Revoked } from '../../main/cells/revoked.ts'
import { CellTokens } from '../../main/cells/token.ts'
import { TrustRoots } from '../../main/cells/trust.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { checksumOf, filesUnder, sumsOf } from '../../shared/wire/cell-files.ts'
import { newSigningKey, signManifest, withHash } from '../../shared/wire/cell-signature.ts'

const name = 'notes' as ServerName
const key = generateKeyPairSync('ed25519').privateKey
const author = newSigningKey()
const seal = rowSeal(Buffer.alloc(32, 1))
const seen = { startMs: 5, listMs: 5, listBytes: 100, refusedHosts: [] as string[] }
let folder: string
let db: Database
let server: ServerConfig
let entries: CatalogEntry[]
let findings: Finding[]
let anchored: readonly string[]
let changes: CellChange[]
let ended: number
let now: number
let trust: TrustRoots
let cells: Cells

const write = (files: Record<string, string>) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}
async function open(): Promise<void> {
  const store = new CellStore(db, seal)
  const anchor = {
    load: async () => anchored,
    save: async (hashes: readonly string[]) => {
      anchored = hashes
    },
  }
  trust = new TrustRoots(store, () => now)
  cells = new Cells({
    store,
    trust,
    revoked: await Revoked.open(store, anchor),
    tokens: new CellTokens(key, 48 * 3_600_000, () => now),
    servers: {
      list: () => [server],
      get: () => server,
      need: () => server,
      set: (_, change) => {
        server = { ...server, ...change }
      },
    },
    place: () => ({ kind: 'folder', folder, own: '' }),
    entries: () => entries,
    analyse: async () => findings,
    onChange: (change) => changes.push(change),
    end: async () => void ended++,
    now: () => now,
    verifyEveryMs: 24 * 3_600_000,
  })
}
const register = () => cells.register(name, async () => seen)
const why = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    if (error instanceof GatehouseError)
      return error.code === 'cell.failed' || error.code === 'cell.grave' ? error.params.reason : error.code
    throw error
  }
  return 'done'
}
const steps = () => cells.get(name)?.report.map(({ step, outcome }) => `${step} ${outcome}`)
/** Past the time in which a process is started without another look. */
const restarted = () => open()

async function signedManifest(
  change: Partial<CellManifest> = {},
  privateKey = author.privateKey,
): Promise<CellManifest> {
  const files = (await filesUnder(folder, { files: 100, bytes: 1e6 })) ?? []
  const manifest = withHash<CellManifest>({
    identity: { name: 'notes', hash: '0'.repeat(64), version: '1.0.0', author: 'Ana' },
    description: '',
    capabilities: { tools: ['read'], resources: [], prompts: [] },
    contracts: { inputs: {}, outputs: {}, sideEffects: [] },
    security: {
      permissions: [],
      resourceLimits: { memory: 1e9, cpu: 1, storage: 1e9, networkBandwidth: 0, executionTime: 30_000 },
      networkAccess: { allowed: false, domains: [] },
      sandboxLevel: 3,
    },
    behavior: { deterministic: true, idempotent: true, timeout: 30_000, retryPolicy: { maxRetries: 0, backoff: 0 } },
    code: {
      entryPoint: 'index.js',
      dependencies: {},
      checksum: checksumOf(await sumsOf(folder, files)),
      runtime: { type: 'node', version: '24' },
    },
    ...change,
  })
  return signManifest(manifest, privateKey)
}
const writeManifest = (manifest: CellManifest) => write({ 'cell.json': JSON.stringify(manifest) })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-cell-'))
  write({ 'index.js': 'run()', 'lib/a.js': 'a()' })
  db = openDatabase(':memory:')
  server = { ...ownServer, name, enabled: true, addedAt: 1 as EpochMs, sandbox: 2, allowedHosts: ['api.example.com'] }
  entries = []
  findings = []
  anchored = []
  changes = []
  ended = 0
  now = 1_700_000_000_000
  await open()
  entries = [
    {
      kind: 'tool',
      name: 'notes__read',
      server: name,
      ownName: 'read',
      title: 'read',
      definition: { name: 'read' },
      pin: '',
    } as never,
  ]
})

it('refuses a server that is not registered, and registers it by six named steps', async () => {
  expect(await why(() => cells.require(server))).toBe('cell.pending')
  await register()
  expect(await why(() => cells.require(server))).toBe('done')
  expect(steps()).toEqual([
    'signature skipped',
    'integrity ok',
    'analysis ok',
    'trial ok',
    'fingerprint skipped',
    'registration ok',
  ])
  expect(cells.get(name)).toMatchObject({
    status: 'active',
    code: { count: 2 },
    manifest: { security: { networkAccess: { domains: ['api.example.com'] } } },
  })
  expect(changes.map(({ status }) => status)).toEqual(['verified', 'active'])
})

it('gives a token that is signed, for this cell only, and expires', async () => {
  const { token = '', manifest, code } = await register()
  const verified = { server: name, manifest: manifest.identity.hash, code: code.checksum }
  const tokens = new CellTokens(key, 1000, () => now)
  expect(await tokens.holds(token, verified)).toBe(true)
  expect(await tokens.holds(token, { ...verified, server: 'other' })).toBe(false)
  expect(await tokens.holds(token, { ...verified, code: 'x' })).toBe(false)
  expect(await tokens.holds(`${token.slice(0, -4)}AAAA`, verified)).toBe(false)
  expect(await new CellTokens(generateKeyPairSync('ed25519').privateKey, 1000, () => now).holds(token, verified)).toBe(
    false,
  )
  now += 49 * 3_600_000
  expect(await tokens.holds(token, verified)).toBe(false)
})

it('keeps nothing of a registration that fails, whichever step it is', async () => {
  const trial = cells.register(name, async () => Promise.reject(new Error('it did not start')))
  await expect(trial).rejects.toThrow('it did not start')
  expect(cells.get(name)).toBeUndefined()
  findings = [{ place: 'index.js:1', rule: 'runs-fetched-text', detail: 'eval(x)', severity: 'high' }]
  const trials: string[] = []
  const tryOut = async () => {
    trials.push('started')
    return seen
  }
  expect(await why(() => cells.register(name, tryOut))).toBe('analysis.grave')
  expect(trials).toEqual([])
  expect(cells.get(name)).toBeUndefined()
  expect(changes.at(-1)).toMatchObject({ status: 'refused', detail: expect.stringContaining('analysis') })
  await cells.register(name, tryOut, { acceptFindings: true })
  expect(cells.get(name)?.status).toBe('active')
})

it('keeps that what was found in its code is accepted while it waits for its secrets, and for no other code', async () => {
  const waiting = async () => Promise.reject(new GatehouseError('secrets.missing', { server: name }))
  findings = [{ place: 'index.js:1', rule: 'runs-fetched-text', detail: 'eval(x)', severity: 'high' }]
  expect(await why(() => cells.register(name, waiting, { acceptFindings: true }))).toBe('secrets.missing')
  await restarted()
  write({ 'index.js': 'steal()' })
  expect(await why(register)).toBe('analysis.grave')
  write({ 'index.js': 'run()' })
  expect(await why(register)).toBe('done')
  expect(cells.get(name)?.status).toBe('active')
  expect(await why(register)).toBe('analysis.grave')
})

it('registers a server once at a time, and lets only a listing of what is being registered start', async () => {
  const events: string[] = []
  const trial = (label: string, end: Promise<void>) => async () => {
    events.push(`${label} started`)
    await cells.mayRun(server, 'listing')
    await end
    events.push(`${label} ended`)
    if (label === 'first') throw new Error('it was ended')
    return seen
  }
  const first = Promise.withResolvers<void>()
  const [one, two] = [
    cells.register(name, trial('first', first.promise)),
    cells.register(name, trial('second', Promise.resolve())),
  ]
  await vi.waitFor(() => expect(events).toEqual(['first started']))
  first.resolve()
  await expect(one).rejects.toThrow('it was ended')
  await two
  expect(events).toEqual(['first started', 'first ended', 'second started', 'second ended'])
  expect(cells.get(name)?.status).toBe('active')
})

it('suspends a cell whose file was changed, added or removed while the app was away, before a process of it starts', async () => {
  for (const tamper of [
    () => write({ 'lib/a.js': 'steal()' }),
    () => write({ 'lib/new.js': 'x' }),
    () => rmSync(join(folder, 'lib/a.js')),
  ]) {
    db = openDatabase(':memory:')
    server = { ...server, cell: undefined, code: undefined } as never
    write({ 'index.js': 'run()', 'lib/a.js': 'a()' })
    rmSync(join(folder, 'lib/new.js'), { force: true })
    await open()
    await register()
    tamper()
    await restarted()
    expect(await why(() => cells.mayRun(server, 'shared'))).toBe('cell.suspended')
    expect(cells.get(name)?.reason).toMatch(/lib\//)
  }
})

it('notices a change at the next start of a process, without a start of Gatehouse', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    await register()
    expect(await why(() => cells.mayRun(server, 'shared'))).toBe('done')
    write({ 'lib/a.js': 'steal()' })
    vi.advanceTimersByTime(1_001)
    expect(await why(() => cells.mayRun(server, 'shared'))).toBe('cell.suspended')
  } finally {
    vi.useRealTimers()
  }
})

it('notices a change whose size and date are as before', async () => {
  await register()
  utimesSync(join(folder, 'lib/a.js'), 1, 1)
  write({ 'lib/a.js': 'b()' })
  utimesSync(join(folder, 'lib/a.js'), 1, 1)
  await restarted()
  await cells.verify(name)
  expect(cells.get(name)?.status).toBe('suspended')
})

it('ends what runs when it is suspended, and uses it again only as it was shown', async () => {
  await register()
  write({ 'lib/a.js': 'b()' })
  await cells.verify(name)
  expect(ended).toBe(1)
  const { files, checksum } = await cells.review(name)
  expect(files.changed).toEqual(['lib/a.js'])
  write({ 'lib/a.js': 'c()' })
  expect(await why(() => cells.register(name, async () => seen, { checksum }))).toBe('input.invalid')
  expect(cells.get(name)?.status).toBe('suspended')
  const again = await cells.review(name)
  await cells.register(name, async () => seen, { checksum: again.checksum })
  expect(await why(() => cells.require(server))).toBe('done')
})

it('lets a cell go on by one decision on what it was suspended for, and on nothing else', async () => {
  await register()
  cells.suspend(name, 'It read a decoy. See incident in_1.')
  cells.goOn(name, 'in_2')
  expect(await why(() => cells.require(server))).toBe('cell.suspended')
  cells.goOn(name, 'in_1')
  expect(await why(() => cells.mayRun(server, 'shared'))).toBe('done')
  await restarted()
  expect(await why(() => cells.mayRun(server, 'shared'))).toBe('done')
  cells.suspend(name, 'It read a decoy. See incident in_3.')
  write({ 'index.js': 'changed meanwhile()' })
  cells.goOn(name, 'in_3')
  expect(await why(() => cells.mayRun(server, 'shared'))).toBe('cell.suspended')
})

it('leaves an untouched cell as it is, and renews its token in time', async () => {
  const { token } = await register()
  await cells.verify(name)
  expect(cells.get(name)?.token).toBe(token)
  now += 25 * 3_600_000
  await cells.verify(name)
  expect(cells.get(name)).toMatchObject({ status: 'active', verifiedAt: now })
  expect(cells.get(name)?.token).not.toBe(token)
})

it('trusts a signature only of a key the person trusts', async () => {
  writeManifest(await signedManifest())
  await register()
  expect(cells.get(name)?.signedBy).toBeUndefined()
  trust.add('Ana', author.publicKey)
  await register()
  expect(cells.get(name)).toMatchObject({ signedBy: 'Ana', manifest: { identity: { author: 'Ana' } } })
  expect(steps()?.slice(0, 2)).toEqual(['signature ok', 'integrity ok'])
})

it.each([
  ['a changed manifest', (manifest: CellManifest) => ({ ...manifest, description: 'More rights' }), 'signature.wrong'],
  [
    'another hash',
    (manifest: CellManifest) => ({ ...manifest, identity: { ...manifest.identity, hash: '1'.repeat(64) } }),
    'signature.wrong',
  ],
  [
    'another signature',
    (manifest: CellManifest) => ({
      ...manifest,
      signature: { ...manifest.signature, value: Buffer.alloc(64).toString('base64') },
    }),
    'signature.wrong',
  ],
  ['a member nobody knows', (manifest: CellManifest) => ({ ...manifest, more: 1 }), 'signature.malformed'],
] as const)('refuses %s', async (_, change, reason) => {
  trust.add('Ana', author.publicKey)
  writeManifest(change(await signedManifest()) as CellManifest)
  expect(await why(register)).toBe(reason)
  expect(cells.get(name)).toBeUndefined()
})

it('refuses a manifest signed by another key in the name of a trusted one', async () => {
  trust.add('Ana', author.publicKey)
  const other = await signedManifest({}, newSigningKey().privateKey)
  const mine = await signedManifest()
  writeManifest({ ...mine, signature: { ...mine.signature, value: other.signature?.value } } as CellManifest)
  expect(await why(register)).toBe('signature.wrong')
})

it('refuses code that is not what a signed manifest names, and tools it does not name', async () => {
  trust.add('Ana', author.publicKey)
  writeManifest(await signedManifest())
  write({ 'lib/a.js': 'steal()' })
  expect(await why(register)).toBe('integrity.differs')
  writeManifest(await signedManifest())
  entries = [...entries, { ...entries[0], ownName: 'delete_all' } as CatalogEntry]
  expect(await why(register)).toBe('trial.undeclared')
})

it('lets nothing be used that a signed manifest does not name, whenever it came to be offered', async () => {
  trust.add('Ana', author.publicKey)
  const capabilities = {
    tools: ['read'],
    resources: ['notes://{folder}/{name}.md', 'notes://index'],
    prompts: ['sum-up'],
  }
  writeManifest(await signedManifest({ capabilities }))
  await register()
  const offers = (kind: CatalogEntry['kind'], ownName: string, definition = {}) =>
    why(() => cells.requireFor(server, { ...entries[0], kind, ownName, definition } as CatalogEntry))
  const template = { uriTemplate: 'notes://{folder}/{name}.md' }
  for (const [kind, ownName, definition] of [
    ['tool', 'read'],
    ['prompt', 'sum-up'],
    ['resource', 'notes://index'],
    ['resource', 'notes://a/b.md'],
    ['resource-template', 'notes://{folder}/{name}.md', template],
    ['resource-template', 'notes://a/b.md', template],
  ] as const)
    expect([kind, ownName, await offers(kind, ownName, definition)]).toEqual([kind, ownName, 'done'])
  for (const [kind, ownName, definition] of [
    ['tool', 'sum-up'],
    ['tool', 'constructor'],
    ['prompt', 'read'],
    ['resource', 'notes://index/secret'],
    ['resource', 'notes://a/b.md.key'],
    ['resource', 'notes://a.md'],
    ['resource', 'file:///notes://a/b.md'],
    ['resource-template', 'notes://a/b.md', { uriTemplate: 'notes://{+any}' }],
    ['resource-template', 'file:///{path}', { uriTemplate: 'file:///{path}' }],
  ] as const)
    expect([kind, ownName, await offers(kind, ownName, definition)]).toEqual([kind, ownName, 'cell.undeclared'])
  entries = [...entries, { ...entries[0], kind: 'prompt', ownName: 'late' } as CatalogEntry]
  await cells.verify(name)
  expect(await offers('prompt', 'late')).toBe('cell.undeclared')
})

it('leaves what a plain command offers to its pins', async () => {
  await register()
  expect(await why(() => cells.requireFor(server, { ...entries[0], ownName: 'another' } as CatalogEntry))).toBe('done')
})

it('suspends a signed cell whose manifest is exchanged, or whose key is no longer trusted', async () => {
  trust.add('Ana', author.publicKey)
  writeManifest(await signedManifest())
  await register()
  writeManifest(await signedManifest({ description: 'new' }))
  await cells.verify(name)
  expect(cells.get(name)?.status).toBe('suspended')
  await cells.register(name, async () => seen)
  trust.remove('Ana')
  await cells.verify(name)
  expect(cells.get(name)?.status).toBe('suspended')
})

it('never registers again what was revoked, also after the lists in the database are gone', async () => {
  await register()
  await cells.revoke(name, 'It stole.')
  expect(ended).toBe(1)
  expect(await why(() => cells.require(server))).toBe('cell.revoked')
  expect(await why(register)).toBe('signature.revoked')
  cells.forget(name)
  server = { ...server, cell: undefined, code: undefined, allowedHosts: [] } as never
  expect(await why(register)).toBe('signature.revoked')
  db.exec('DELETE FROM cell_list; DELETE FROM cell')
  await open()
  expect(await why(register)).toBe('signature.revoked')
})

it('refuses a server whose record was edited, put back or removed behind its back', async () => {
  await register()
  const before = db.prepare<[], { record: string; seal: string }>('SELECT record, seal FROM cell').get()
  cells.suspend(name, 'Look at it.')
  db.prepare('UPDATE cell SET record = ?').run(before?.record.replace('active', 'verified') ?? '')
  await open()
  expect(await why(() => cells.require(server))).toBe('cell.suspended')
  db.exec('DELETE FROM cell')
  await open()
  expect(await why(() => cells.require(server))).toBe('cell.suspended')
})

it('adopts a server from before there were cells, and watches it from then on', async () => {
  await open()
  expect(await why(() => cells.mayRun(server, 'shared'))).toBe('done')
  expect(cells.get(name)?.report.every(({ reason }) => reason === 'adopted')).toBe(true)
  write({ 'index.js': 'steal()' })
  await restarted()
  expect(await why(() => cells.mayRun(server, 'shared'))).toBe('cell.suspended')
})

it('writes the manifest anew when the person changes what it may do, and says what is new', async () => {
  await register()
  server = { ...server, allowedHosts: ['api.example.com', 'evil.example.com'] }
  cells.rewrite(name)
  expect(await why(() => cells.require(server))).toBe('done')
  expect(cells.get(name)?.before?.security.networkAccess.domains).toEqual(['api.example.com'])
  expect(readFileSync(join(folder, 'index.js'), 'utf8')).toBe('run()')
})

it('tells of a newer version once, and installs nothing', async () => {
  await register()
  for (let time = 0; time < 2; time++)
    cells.noteUpdate(name, { installed: '1.0.0', latest: '1.1.0', checkedAt: now as EpochMs })
  expect(changes.filter(({ status }) => status === 'update')).toHaveLength(1)
})
