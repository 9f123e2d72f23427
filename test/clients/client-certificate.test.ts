import { X509Certificate } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { anAuthority } from '../support/remote-servers/certificates.ts'
import { someClients } from './some-clients.ts'

const authority = anAuthority()
afterAll(() => authority.remove())
const own = authority.issue('program')
const fingerprint = new X509Certificate(own.cert).fingerprint256

let world: Awaited<ReturnType<typeof someClients>>
beforeEach(async () => {
  world = await someClients()
})
const problem = (work: Promise<unknown>) => work.then(() => undefined).catch((error) => error.params?.problem)

describe('a certificate in place of a key', () => {
  it('opens what its client may, counted and confined as a key, until it is revoked', async () => {
    const { clients } = world
    const { id } = await clients.certificate('robot', own.cert, ['read'])
    expect(clients.authenticateCertificate(fingerprint)).toMatchObject({ client: { name: 'robot' }, credentialId: id })
    expect(clients.list().find(({ name }) => name === 'robot')?.tokens).toMatchObject([
      { id, scopes: ['read'], uses: 1 },
    ])
    clients.revokeKey('robot', id)
    expect(clients.authenticateCertificate(fingerprint)).toBeUndefined()
    await clients.certificate('robot', own.cert)
    await clients.revoke('robot')
    expect(clients.authenticateCertificate(fingerprint)).toBeUndefined()
  })

  it('is one app’s alone, is no bearer token, and gets no secret of ours', async () => {
    const { clients } = world
    const { id } = await clients.certificate('robot', own.cert)
    expect(await problem(clients.certificate('other', own.cert))).toContain('another app’s')
    expect(await clients.authenticate(`gh_${id}_${'0'.repeat(64)}_00000000`)).toBeUndefined()
    expect(await clients.authenticate(fingerprint)).toBeUndefined()
    expect(await problem(clients.rotateKey('robot', id))).toContain('renewed by its program')
  })

  it.each([
    ['with its private key', own.cert + own.key, 'its private key stays'],
    ['of two', own.cert + own.cert, 'Give one certificate'],
    ['that is none', 'hello', 'Give one certificate'],
    ['that cannot be read', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'no X.509'],
  ])('%s is refused', async (_what, pem, why) => {
    expect(await problem(world.clients.certificate('robot', pem))).toContain(why)
    expect(world.clients.named('robot')).toBeUndefined()
  })

  it('is refused when it is out of date, and opens nothing once it is', async () => {
    await world.clients.certificate('robot', own.cert)
    world.time.now = Date.now() + 3 * 24 * 60 * 60 * 1000
    expect(world.clients.authenticateCertificate(fingerprint)).toBeUndefined()
    expect(await problem(world.clients.certificate('robot', own.cert))).toContain('out of date')
  })
})
