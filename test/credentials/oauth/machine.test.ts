import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MachineSignIn } from '../../../shared/domain/machine-sign-in.ts'
import { SignInService } from '../../support/sign-in-service.ts'
import { aSignIn, remoteConfig } from './a-sign-in.ts'

let service: SignInService
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-machine-'))

beforeEach(async () => {
  service = await new SignInService().start()
  service.vouched = () => true
})
afterEach(async () => {
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
})

const bySecret = (more: Partial<MachineSignIn> = {}) =>
  ({ kind: 'client-secret', issuer: service.base, clientId: 'robot', secret: 'SECRET', ...more }) as MachineSignIn

async function robot(signIn: MachineSignIn, secrets: Record<string, string> = {}) {
  const gatehouse = await aSignIn(service, {}, signIn)
  for (const [name, value] of Object.entries(secrets))
    await gatehouse.credentials.set(gatehouse.config.name, name, value)
  return gatehouse
}

async function aToken(claims: Record<string, unknown> = {}, typ = 'JWT', end = 4_000_000_000) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).setExpirationTime(end).sign(privateKey)
}

describe('client credentials', () => {
  it('are shown when the server asks, and again before the token ends, without a page', async () => {
    service.vouched = ({ grant_type }, authorization) =>
      grant_type === 'client_credentials' && authorization === `Basic ${btoa('robot:sesame')}`
    const { call, clock, state, byItself } = await robot(bySecret(), { SECRET: 'sesame' })
    expect(state()).toMatchObject({ by: 'client-secret', state: 'none' })
    expect(await call('read')).toBe('did read')
    expect(await call('read')).toBe('did read')
    expect(service.at('/token').map(({ form }) => [form.grant_type, form.scope, form.resource])).toEqual([
      ['client_credentials', 'files:read', service.mcpUrl],
    ])
    expect(state()).toMatchObject({ state: 'signed-in', issuer: service.base, renews: true })
    expect(byItself).toEqual([`files at ${service.base}`])
    clock.now += 3_599_000
    expect(await call('read')).toBe('did read')
    expect(service.at('/token')).toHaveLength(2)
    expect(service.at('/authorize')).toEqual([])
  })

  it('go to the service the person named, and to no other the server points at', async () => {
    const { call } = await robot(bySecret({ issuer: 'https://login.example' }), { SECRET: 'sesame' })
    await expect(call('read')).rejects.toMatchObject({
      params: { problem: expect.stringContaining('another service than the one you named') },
    })
    expect(service.at('/token')).toEqual([])
  })

  it('are asked for once: a refusal is told, in the service’s code and without what it echoes', async () => {
    service.vouched = () => false
    const { call } = await robot(bySecret(), { SECRET: 'sesame' })
    const refusal = await call('read').catch((error) => error)
    expect(refusal).toMatchObject({ code: 'server.sign-in-failed' })
    expect(JSON.stringify(refusal.params)).not.toContain('sesame')
    expect(service.at('/token')).toHaveLength(1)
  })

  it('say which secret is missing', async () => {
    const { call } = await robot(bySecret())
    await expect(call('read')).rejects.toMatchObject({
      params: { problem: expect.stringContaining('secrets set files SECRET') },
    })
  })

  it('stop when the server takes no token its own service gives', async () => {
    const { call } = await robot(bySecret(), { SECRET: 'sesame' })
    service.twist = { token: (answer) => ({ ...answer, access_token: 'worthless' }) }
    await expect(call('read')).rejects.toMatchObject({ code: 'server.failed' })
    expect(service.at('/token')).toHaveLength(1)
  })

  it('lack a right: the person is told where to add it, and nothing is asked for by itself', async () => {
    const { call } = await robot(bySecret(), { SECRET: 'sesame' })
    await expect(call('write')).rejects.toMatchObject({ params: { problem: expect.stringContaining('files:write') } })
    expect(service.at('/token')).toHaveLength(1)
  })

  it('are no sign-in a person begins; a token of one does not serve the other', async () => {
    const { call, signIns, config } = await robot(bySecret(), { SECRET: 'sesame' })
    await expect(signIns.begin(config, {})).rejects.toMatchObject({ code: 'input.invalid' })
    await call('read')
    const person = remoteConfig(service.mcpUrl)
    await expect(call('read', person)).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(service.at('/mcp').at(-1)?.authorization).toBeUndefined()
  })

  it.each([
    ['ec', { namedCurve: 'prime256v1' }, 'ES256'],
    ['rsa', { modulusLength: 2048 }, 'RS256'],
    ['ed25519', {}, 'EdDSA'],
  ])('sign with a key of the person (%s), for this service alone', async (kind, options, alg) => {
    const { privateKey, publicKey } = generateKeyPairSync(kind as 'ec', options as { namedCurve: string })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const signIn = { kind: 'client-key', issuer: service.base, clientId: 'robot', keySecret: 'KEY' } as const
    const { call } = await robot(signIn, { KEY: pem })
    expect(await call('read')).toBe('did read')
    const [{ form } = { form: {} as Record<string, string> }] = service.at('/token')
    const assertion = form.client_assertion ?? ''
    expect(decodeProtectedHeader(assertion).alg).toBe(alg)
    const expected = { issuer: 'robot', subject: 'robot', audience: service.base }
    await expect(jwtVerify(assertion, publicKey, expected)).resolves.toMatchObject({
      payload: { jti: expect.any(String) },
    })
  })

  it('refuse a key that is none, and show nothing of it', async () => {
    const signIn = { kind: 'client-key', issuer: service.base, clientId: 'robot', keySecret: 'KEY' } as const
    const { call } = await robot(signIn, { KEY: 'not-a-key-but-secret' })
    const refusal = await call('read').catch((error) => error)
    expect(refusal).toMatchObject({ code: 'server.sign-in-failed' })
    expect(JSON.stringify(refusal.params)).not.toContain('not-a-key')
  })
})

describe('a workload’s identity', () => {
  it('is read anew from its file each time', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-workload-')), 'token')
    const [first, second] = [await aToken({ n: 1 }), await aToken({ n: 2 })]
    writeFileSync(file, `${first}\n`)
    const { call, clock } = await robot({ kind: 'workload', issuer: service.base, token: { file } })
    await call('read')
    writeFileSync(file, second)
    service.forgetAccess()
    clock.now += 61_000
    await call('read')
    rmSync(file)
    expect(service.at('/token').map(({ form }) => form.assertion)).toEqual([first, second])
    expect(service.at('/token')[0]?.form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  })

  it.each([
    ['no token', async () => 'root:x:0:0:root:/root:/bin/sh', 'holds no signed token'],
    ['one that is over', () => aToken({}, 'JWT', 999), 'has expired'],
  ])('is not sent where it is %s', async (_, value, words) => {
    const { call } = await robot(
      { kind: 'workload', issuer: service.base, token: { secret: 'TOKEN' } },
      {
        TOKEN: await value(),
      },
    )
    await expect(call('read')).rejects.toMatchObject({ params: { problem: expect.stringContaining(words) } })
    expect(service.at('/token')).toEqual([])
  })
})

describe('a company’s sign-in', () => {
  it.each([
    ['oauth-id-jag+jwt', 'did read'],
    ['at+jwt', 'something else than a grant'],
  ])('turns the person’s ID token into a grant for this server alone (%s)', async (typ, outcome) => {
    const jag = await aToken({}, typ)
    const asked: Record<string, string>[] = []
    const provider = createServer(async (request, response) => {
      asked.push(Object.fromEntries(new URLSearchParams(await text(request))))
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: jag, token_type: 'N_A' }))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => provider.once('listening', resolve))
    const tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`
    const idToken = await aToken()
    service.vouched = ({ assertion }) => assertion === jag
    const { call } = await robot(
      {
        kind: 'company',
        issuer: service.base,
        clientId: 'robot',
        token: { secret: 'TOKEN' },
        provider: { tokenUrl, clientId: 'at-idp' },
      },
      { TOKEN: idToken },
    )
    expect(await call('read').catch((error) => error.params.problem)).toContain(outcome)
    expect(asked).toMatchObject([{ subject_token: idToken, audience: service.base, resource: service.mcpUrl }])
    provider.close()
  })
})

describe('a company’s page', () => {
  let provider: SignInService
  /** What the provider says of the person now; the clock of the test begins at 1 000 s. */
  let idToken: string
  let later: string
  let jag: string
  const claims = () => ({ iss: provider.base, aud: 'at-idp', sub: 'ana' })

  beforeEach(async () => {
    provider = await new SignInService().start()
    jag = await aToken({}, 'oauth-id-jag+jwt')
    idToken = await aToken(claims(), 'JWT', 4_000)
    later = await aToken(claims(), 'JWT', 9_000)
    provider.twist = {
      token: (answer) => ({ ...answer, id_token: idToken }),
      metadata: (said) => ({ ...said, scopes_supported: ['openid', 'offline_access'] }),
    }
    provider.exchanged = () => ({ access_token: jag, token_type: 'N_A' })
    service.vouched = ({ assertion }) => assertion === jag
  })
  afterEach(() => provider.stop())

  const company = () =>
    robot({
      kind: 'company-page',
      issuer: service.base,
      clientId: 'robot',
      provider: { issuer: provider.base, clientId: 'at-idp' },
    })

  it('is shown once to the person; what it says of them opens the server from then on', async () => {
    const { call, clock, state, signIn, byItself } = await company()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(state()).toMatchObject({ by: 'company-page', state: 'sign-in' })
    expect(provider.seen).toEqual([])
    const begun = await signIn()
    expect([new URL(begun.url).origin, begun.scopes]).toEqual([provider.base, ['openid', 'offline_access']])
    expect(await call('read')).toBe('did read')
    const [exchange] = provider.at('/token').filter(({ form }) => form.grant_type?.endsWith('token-exchange'))
    expect(exchange?.form).toMatchObject({ audience: service.base, resource: service.mcpUrl, client_id: 'at-idp' })
    expect(service.at('/authorize')).toEqual([])
    expect(byItself).toHaveLength(1)
    idToken = later
    clock.now += 3_600_000
    expect(await call('read')).toBe('did read')
    const grants = provider.at('/token').map(({ form }) => form.grant_type?.split(':').at(-1))
    expect(grants).toEqual(['authorization_code', 'token-exchange', 'refresh_token', 'token-exchange'])
    expect(provider.at('/token').at(-1)?.form.subject_token).toBe(later)
    expect(provider.at('/authorize')).toHaveLength(1)
  })

  it('is asked for again when its word ended and cannot be renewed', async () => {
    const { call, clock, state, signIn } = await company()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    await signIn()
    expect(await call('read')).toBe('did read')
    clock.now += 3_500_000
    provider.forgetEverything()
    service.forgetAccess()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(state()).toMatchObject({ state: 'sign-in' })
  })

  it.each([
    ['another provider', { iss: 'https://thief.example' }],
    ['another client', { aud: 'somebody' }],
  ])('is not believed when its word is of %s', async (_, wrong) => {
    const forged = await aToken({ ...claims(), ...wrong })
    provider.twist = { ...provider.twist, token: (answer) => ({ ...answer, id_token: forged }) }
    const { call, signIn } = await company()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    await expect(signIn()).rejects.toMatchObject({ params: { problem: expect.stringContaining('did not say who') } })
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
  })
})
