import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { cellIn } from '../../main/cells/bundle/bundle-cell.ts'
import { runOf } from '../../main/cells/bundle/bundle-command.ts'
import { manifestOf } from '../../main/cells/bundle/bundle-manifest.ts'
import { openBundle } from '../../main/cells/bundle/open-bundle.ts'
import { unpackBundle } from '../../main/cells/bundle/unpack.ts'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { cellSentence, signatureSentence } from '../../shared/messages/bundle-words.ts'
import { newSigningKey, publicKeyFrom, signManifest, withHash } from '../../shared/wire/cell-signature.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bundle-'))
let count = 0
const manifest = (change: object = {}) => ({
  manifest_version: '0.3',
  name: 'sums',
  version: '1.0.0',
  description: 'Adds.',
  author: { name: 'Ana' },
  server: {
    type: 'node',
    entry_point: 'server.js',
    mcp_config: { command: 'node', args: [`\${__dirname}/server.js`] },
  },
  ...change,
})
function written(bytes: Uint8Array): string {
  const file = join(folder, `${count++}.mcpb`)
  writeFileSync(file, bytes)
  return file
}
const bundle = (files: Record<string, string | Uint8Array>, change?: object) =>
  written(
    zipSync({
      'manifest.json': strToU8(JSON.stringify(manifest(change))),
      ...Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? strToU8(text) : text]),
      ),
    }),
  )
/** Two names of the same length are exchanged where they stand, in the part that says what is there, or in both. */
function renamed(file: string, from: string, to: string): string {
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at)
  return written(bytes)
}
const why = (file: string) =>
  openBundle(file).then(
    () => 'opened',
    (error) => error.params?.problem ?? String(error),
  )
const config = (setting: object, mcp: object) =>
  manifest({
    user_config: { key: { title: 'Key', description: 'A key', ...setting } },
    server: { type: 'node', entry_point: 'a', mcp_config: mcp },
  })
const run = (from: object, given = {}) => runOf(from as never, '/bundle', '/node', given)

describe('a hostile bundle', () => {
  it.each([
    ['../../evil.js', 'xx/xx/evil.js'],
    ['/etc/cron.js', 'xetc/cron.js'],
    ['C:/evil.js', 'CC/evil.js'],
    ['a\\..\\b.js', 'a/bb/cb.js'],
    ['lib/./a.js', 'lib/x/a.js'],
    ['aux.js', 'xux.js'],
    ['a.js\u0000', 'a.jsx'],
  ])('with the file %s is not opened', async (to, from) => {
    expect(await why(renamed(bundle({ [from]: 'x' }), from, to))).toMatch(/not opened/)
  })

  it('with a link, a device or an encrypted file is not opened', async () => {
    const special = (kind: number) =>
      written(
        zipSync({
          'manifest.json': strToU8('{}'),
          evil: [strToU8('/etc/passwd'), { os: 3, attrs: (kind << 16) >>> 0 }],
        }),
      )
    expect(await why(special(0o120777))).toMatch(/is a link/)
    expect(await why(special(0o020666))).toMatch(/no ordinary file/)
  })

  it('with names that are one name on another computer is not opened', async () => {
    expect(await why(bundle({ 'Server.js': 'a', 'server.js': 'b' }))).toMatch(/same name/)
    expect(await why(bundle({ 'caf\u00e9.js': 'a', 'cafe\u0301.js': 'b' }))).toMatch(/same name/)
    expect(await why(renamed(bundle({ 'a.js': 'x', 'b.js': 'y' }), 'b.js', 'a.js'))).toMatch(/same name/)
    expect(await why(bundle({ 'lib/a.js': 'x', Lib: 'y' }))).toMatch(/same name|file and a folder/)
  })

  it('that unpacks to far more than it is, or holds too many files, is not opened', async () => {
    expect(await why(bundle({ 'zeros.bin': new Uint8Array(20 * 1024 ** 2) }))).toMatch(/100 times its size/)
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`f${at}.js`, 'x']))
    const limits = { fileBytes: 1e6, entries: 10, bytes: 1e6, ratio: 100 }
    await expect(openBundle(bundle(many), limits)).rejects.toMatchObject({
      params: { problem: expect.stringMatching(/more than 10/) },
    })
    await expect(openBundle(bundle({ a: 'x'.repeat(5000) }), { ...limits, bytes: 1000 })).rejects.toThrow()
  })

  it('that says a smaller size than it has is not unpacked', async () => {
    const bytes = readFileSync(bundle({ 'big.js': 'x'.repeat(5000) }))
    const size = Buffer.alloc(4)
    size.writeUInt32LE(5000)
    for (let at = bytes.indexOf(size); at >= 0; at = bytes.indexOf(size, at + 1)) bytes.writeUInt32LE(50, at)
    const open = await openBundle(written(bytes))
    const place = mkdtempSync(join(folder, 'out-'))
    await expect(unpackBundle(open, place)).rejects.toMatchObject({
      params: { problem: expect.stringMatching(/damaged/) },
    })
  })

  it('that is no archive, is a folder, or has no manifest is refused', async () => {
    expect(await why(written(Buffer.from('no zip')))).toMatch(/not opened/)
    expect(await why(folder)).toMatch(/no file/)
    expect(await why(join(folder, 'absent'))).toMatch(/ENOENT/)
    await expect(manifestOf(await openBundle(written(zipSync({ a: strToU8('x') }))))).rejects.toThrow()
    await expect(manifestOf(await openBundle(bundle({}, { server: { type: 'node' } })))).rejects.toThrow()
  })
})

describe('a bundle', () => {
  it('is unpacked as it is', async () => {
    const open = await openBundle(bundle({ 'server.js': 'run()', 'lib/a.js': 'a()' }))
    expect(open.signature).toEqual({ state: 'unsigned' })
    const place = mkdtempSync(join(folder, 'out-'))
    await unpackBundle(open, place)
    expect(readFileSync(join(place, 'lib/a.js'), 'utf8')).toBe('a()')
    expect(readdirSync(place).sort()).toEqual(['lib', 'manifest.json', 'server.js'])
  })

  it('has its settings filled in: folders, several values, defaults', () => {
    const several = config(
      { type: 'directory', multiple: true },
      { command: 'node', args: [`\${__dirname}/a.js`, `\${user_config.key}`] },
    )
    expect(run(several, { key: ['/a', '/b'] })).toMatchObject({
      command: '/node',
      args: ['/bundle/a.js', '/a', '/b'],
      named: ['/a', '/b'],
    })
    const plain = config(
      { type: 'string', default: 'x', required: true },
      { command: 'node', env: { KEY: `v-\${user_config.key}` } },
    )
    expect(run(plain)).toMatchObject({ env: { KEY: 'v-x' }, missing: [] })
    expect(run(config({ type: 'string', required: true }, { command: 'node' })).missing).toEqual(['key'])
  })

  it('keeps a sensitive setting out of command line and plain environment', () => {
    const inEnv = run(
      config(
        { type: 'string', sensitive: true, required: true },
        { command: 'node', env: { TOKEN: `Bearer \${user_config.key}` } },
      ),
    )
    expect(inEnv).toMatchObject({ env: {}, missing: [] })
    expect(inEnv.secrets.TOKEN?.({ key: 'hush' })).toBe('Bearer hush')
    expect(inEnv.secrets.TOKEN?.({})).toBeUndefined()
    const inArgs = config(
      { type: 'string', sensitive: true },
      { command: 'node', args: [`--token=\${user_config.key}`] },
    )
    expect(() => run(inArgs)).toThrow(
      expect.objectContaining({ params: { problem: expect.stringContaining('every program') } }),
    )
  })

  it.each(['LD_PRELOAD', 'NODE_OPTIONS', 'PATH', 'GATEHOUSE_HOME', 'a b'])('may not set %s', (name) => {
    expect(() =>
      run(
        manifest({ server: { type: 'node', entry_point: 'a', mcp_config: { command: 'node', env: { [name]: 'x' } } } }),
      ),
    ).toThrow()
  })
})

describe('the cell manifest in a bundle', () => {
  const key = newSigningKey()
  const trusted = publicKeyFrom(key.publicKey)
  const trust = {
    find: (keyId: string) => (keyId === trusted.keyId ? { ...trusted, name: 'ana', addedAt: 1 as EpochMs } : undefined),
  }
  const cell = withHash<CellManifest>({
    identity: { name: 'sums', hash: '0'.repeat(64), version: '1.0.0', author: 'Ana' },
    description: '',
    capabilities: { tools: [], resources: [], prompts: [] },
    contracts: { inputs: {}, outputs: {}, sideEffects: [] },
    security: {
      permissions: [],
      resourceLimits: { memory: 1e9, cpu: 1, storage: 1e9, networkBandwidth: 0, executionTime: 30_000 },
      networkAccess: { allowed: false, domains: [] },
      sandboxLevel: 3,
    },
    behavior: { deterministic: true, idempotent: true, timeout: 30_000, retryPolicy: { maxRetries: 0, backoff: 0 } },
    code: {
      entryPoint: 'server.js',
      dependencies: {},
      checksum: '0'.repeat(64),
      runtime: { type: 'node', version: '24' },
    },
  })
  const signed = signManifest(cell, key.privateKey)
  const other = signManifest(cell, newSigningKey().privateKey)

  it.each<[string, object, string | undefined, string]>([
    ['signed by a trusted key', signed, 'trusted', 'signed by “ana”, a key you trust'],
    ['signed by another key', other, 'unknown-key', other.signature.keyId],
    ['changed after it was signed', { ...signed, description: 'x' }, 'wrong', 'its signature is wrong'],
    ['signed and no manifest', { signature: signed.signature }, 'malformed', 'not one that can be read'],
    ['not signed', cell, undefined, 'unsigned: nobody vouches'],
  ])('is shown before anything is unpacked where it is %s', async (_, content, state, words) => {
    const open = await openBundle(bundle({ 'cell.json': JSON.stringify(content) }))
    const found = await cellIn(open, trust)
    expect(found?.state).toBe(state)
    expect(found ? cellSentence(found, 'en') : signatureSentence(open.signature, 'en', found)).toContain(words)
    expect(signatureSentence(open.signature, 'en', found).startsWith('unsigned')).toBe(state !== 'trusted')
  })

  it('is none where there is none', async () => {
    expect(await cellIn(await openBundle(bundle({})), trust)).toBeUndefined()
  })
})
