import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signMcpbFile } from '@anthropic-ai/mcpb/node'
import { strToU8, zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { signatureOf as signatureIn } from '../../main/cells/bundle/bundle-signature.ts'
import { bundleLimits, openBundle } from '../../main/cells/bundle/open-bundle.ts'
import { splitSigned } from '../../main/cells/bundle/split-bundle.ts'
import { signatureSentence } from '../../shared/messages/bundle-words.ts'
import {
  authority,
  codeSigner,
  codeSigners,
  lastAuthority,
  type Signer,
  webServer,
  withBlock,
} from '../support/code-signers.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-signature-'))
afterAll(() => rmSync(folder, { recursive: true }))
const certificates = codeSigners(folder)
const root = certificates.signer({ name: 'Root', extensions: authority })
const middle = certificates.signer({ name: 'Middle', by: root, extensions: lastAuthority })
const ana = certificates.signer({ name: 'Ana', by: middle, extensions: codeSigner })
const alone = certificates.signer({ name: 'Ana', extensions: codeSigner })

let count = 0
const manifest = {
  manifest_version: '0.3',
  name: 'sums',
  version: '1.0.0',
  description: 'Adds.',
  author: { name: 'A' },
}
const archive = Buffer.from(
  zipSync({ 'manifest.json': strToU8(JSON.stringify(manifest)), 'server.js': strToU8('run()') }, { level: 0 }),
)
function written(bytes: Buffer): string {
  const file = join(folder, `${count++}.mcpb`)
  writeFileSync(file, bytes)
  return file
}
const blockBy = (signer: Signer, words: readonly string[] = []) => certificates.block(archive, signer, [middle], words)
const opened = (bytes: Buffer, trusted: readonly Signer[] = [root]) =>
  openBundle(written(bytes), bundleLimits, () => trusted.map(({ certificate }) => readFileSync(certificate, 'utf8')))
const signatureOf = async (bytes: Buffer, trusted?: readonly Signer[]) => (await opened(bytes, trusted)).signature
const whyNot = (bytes: Buffer) =>
  opened(bytes).then(
    ({ signature }) => signature.state,
    (error) => `${error.code}: ${error.params.problem}`,
  )

describe('a bundle that was signed', () => {
  it('by the mcpb tool names its signer, and who vouches for it', async () => {
    const file = written(archive)
    signMcpbFile(file, ana.certificate, ana.key, [middle.certificate])
    const signature = await signatureOf(readFileSync(file))
    expect(signature).toMatchObject({
      state: 'signed',
      publisher: 'Ana, Tests',
      issuer: 'Middle, Tests',
      fingerprint: certificates.fingerprint(ana),
    })
    expect(signatureSentence(signature, 'en')).toBe('signed by “Ana, Tests”, vouched for by “Middle, Tests”')
    expect(await signatureOf(readFileSync(file), [])).toMatchObject({ state: 'unvouched', why: 'issuer' })
  })

  it('by OpenSSL, also with an elliptic curve, is read the same, and unpacks as it was', async () => {
    expect(await signatureOf(withBlock(archive, blockBy(ana)))).toMatchObject({ state: 'signed' })
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const eva = certificates.signer({ name: 'Eva', by: middle, extensions: codeSigner, key: curve })
    const { signature, files } = await opened(withBlock(archive, blockBy(eva, ['-md', 'sha384'])))
    expect(signature).toMatchObject({ state: 'signed', publisher: 'Eva, Tests' })
    expect(files.map(({ fileName }) => fileName)).toEqual(['manifest.json', 'server.js'])
  })

  it('and then declared its block as the archive’s comment is signed all the same', async () => {
    const block = blockBy(ana)
    const declared = Buffer.from(archive)
    declared.writeUInt16LE(withBlock(archive, block).length - archive.length, declared.length - 2)
    expect(await signatureOf(withBlock(declared, block))).toMatchObject({ state: 'signed' })
    declared.writeUInt16LE(7, declared.length - 2)
    expect(await whyNot(withBlock(declared, block))).toMatch(/^bundle.signature/)
  })

  it('by its maker alone says so, whatever name stands there', async () => {
    expect(await signatureOf(withBlock(archive, blockBy(alone)))).toMatchObject({
      state: 'self-signed',
      publisher: 'Ana, Tests',
    })
  })

  it.each([
    ['purpose', { extensions: webServer, by: middle }],
    ['issuer', { extensions: codeSigner, by: ana }], // no authority
    [
      'issuer', // an authority that may have no other below it
      { extensions: codeSigner, by: certificates.signer({ name: 'Too deep', by: middle, extensions: authority }) },
    ],
  ] as const)('is not vouched for where the certificate is wrong: %s', async (why, kind) => {
    const other = certificates.signer({ name: 'Other', ...kind })
    const block = certificates.block(archive, other, [...new Set([kind.by, middle])])
    expect(await signatureOf(withBlock(archive, block))).toMatchObject({
      state: 'unvouched',
      why,
      publisher: 'Other, Tests',
    })
  })

  it('is not vouched for once the certificate has expired', async () => {
    const split = { ...splitSigned(withBlock(archive, blockBy(ana))), block: blockBy(ana) }
    const later = new Date(Date.now() + 11 * 24 * 3_600_000)
    expect(await signatureIn(split, () => [], later)).toMatchObject({ state: 'unvouched', why: 'expired' })
  })

  it('is not gone round and round where certificates vouch for one another in a circle', async () => {
    const one = certificates.signer({ name: 'One', extensions: authority })
    const two = certificates.signer({ name: 'Two', by: one, extensions: authority })
    const again = crossSigned(one, two)
    const leaf = certificates.signer({ name: 'Leaf', by: two, extensions: codeSigner })
    const block = certificates.block(archive, leaf, [two, again])
    expect(await signatureOf(withBlock(archive, block))).toMatchObject({ state: 'unvouched', why: 'issuer' })
  })
})

describe('a bundle whose signature does not hold is not opened:', () => {
  const block = blockBy(ana)
  it('one byte of a file, of a name, or at its end is another', async () => {
    for (const at of [archive.indexOf('run()'), archive.lastIndexOf('server.js'), archive.length - 1]) {
      const changed = Buffer.from(archive)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await whyNot(withBlock(changed, block))).toMatch(/^bundle.signature/)
    }
  })

  it('the block of another bundle, a damaged block, half a block, no block', async () => {
    const other = certificates.block(Buffer.concat([archive, archive]), ana, [middle])
    const damaged = Buffer.from(block)
    damaged[damaged.length - 20] = (damaged[damaged.length - 20] ?? 0) ^ 1
    for (const bad of [other, damaged, block.subarray(0, 200), Buffer.alloc(0), Buffer.from('no block')])
      expect(await whyNot(withBlock(archive, bad))).toMatch(/^bundle.signature/)
    const whole = withBlock(archive, block)
    const longer = Buffer.from(whole)
    longer.writeUInt32LE(block.length + 1, archive.length + 11)
    expect(await whyNot(longer)).toMatch(/not whole/)
    expect(await whyNot(Buffer.concat([archive, Buffer.from('MCPB_SIG_END')]))).toMatch(/not whole/)
  })

  it('a block that carries its own content, so that what it signs is not the bundle', async () => {
    const carried = certificates.block(Buffer.from('harmless'), ana, [middle], ['-nodetach'])
    expect(await whyNot(withBlock(archive, carried))).toMatch(/signs something else/)
  })

  it('a block with two signers, without signed attributes, with SHA-1, with a short key', async () => {
    const two = blockBy(ana, ['-signer', alone.certificate, '-inkey', alone.key])
    expect(await whyNot(withBlock(archive, two))).toMatch(/one signer/)
    expect(await whyNot(withBlock(archive, blockBy(ana, ['-noattr'])))).toMatch(/does not say/)
    expect(await whyNot(withBlock(archive, blockBy(ana, ['-md', 'sha1'])))).toMatch(/hash can be forged/)
    const short = certificates.signer({ name: 'S', extensions: codeSigner, key: ['-newkey', 'rsa:1024'] })
    expect(await whyNot(withBlock(archive, blockBy(short)))).toMatch(/key can be forged/)
  })

  it('a name of another put before the signer’s certificate', async () => {
    const block = certificates.block(archive, alone, [ana, middle], ['-nocerts'])
    expect(await whyNot(withBlock(archive, block))).toMatch(/^bundle.signature/)
  })
})

/** A certificate of the first one's key, vouched for by the other. */
function crossSigned(one: Signer, two: Signer): Signer {
  return certificates.signer({
    name: 'One',
    by: two,
    extensions: authority,
    key: ['-key', one.key],
  })
}
