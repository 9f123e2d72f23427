import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SignInService } from '../../support/sign-in-service.ts'
import { aSignIn, remoteConfig } from './a-sign-in.ts'

let service: SignInService
beforeEach(async () => {
  service = await new SignInService().start()
})
afterEach(() => service.stop())

describe('a sign-in', () => {
  it('is asked for when the server refuses, begun by the person, and carried by every request from then on', async () => {
    const { state, call, signIn } = await aSignIn(service)
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(state()).toMatchObject({ state: 'sign-in', scopes: [] })
    expect(service.at('/authorize')).toEqual([])
    const { scopes, host, page } = await signIn()
    expect({ scopes, host }).toEqual({ scopes: ['files:read'], host: new URL(service.base).host })
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('signed in to “files”') })
    expect(state()).toMatchObject({ state: 'signed-in', scopes: ['files:read'], issuer: service.base, renews: true })
    expect(await call('read')).toBe('did read')
  })

  it('asks with PKCE, state, resource and a loopback address, and proves the code with the same', async () => {
    const { signIn } = await aSignIn(service)
    await signIn()
    const [asked] = service.at('/authorize')
    expect(asked?.form).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: service.mcpUrl,
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(service.at('/token')[0]?.form).toMatchObject({
      grant_type: 'authorization_code',
      resource: service.mcpUrl,
      redirect_uri: asked?.form.redirect_uri,
    })
  })

  it('uses the client the person registered, and registers none', async () => {
    const { signIn } = await aSignIn(service)
    await signIn({ clientId: 'my-client', clientSecret: 'my-client-secret' })
    expect(service.at('/register')).toEqual([])
    expect(service.at('/authorize')[0]?.form.client_id).toBe('my-client')
  })

  it('makes itself known by its metadata document where the service reads those', async () => {
    service.twist = { metadata: (said) => ({ ...said, client_id_metadata_document_supported: true }) }
    const documentUrl = 'https://gatehouse.example/client.json'
    const { signIn } = await aSignIn(service, { documentUrl })
    await signIn()
    expect(service.at('/register')).toEqual([])
    expect(service.at('/token')[0]?.form.client_id).toBe(documentUrl)
  })

  it('is not offered for a server that has an Authorization header of the person’s own', async () => {
    const { signIns } = await aSignIn(service)
    const config = remoteConfig(service.mcpUrl, [{ name: 'Authorization', secret: 'KEY' }])
    expect(signIns.authorizeFor(config)).toBeUndefined()
    await expect(signIns.begin(config, {})).rejects.toMatchObject({ code: 'input.invalid' })
  })

  it('ends unanswered after its time, when the person begins another, and when Gatehouse stops', async () => {
    const short = await aSignIn(service, { lifeMs: 20 })
    const { id } = await short.signIns.begin(short.config, {})
    await expect(short.signIns.wait(id)).rejects.toMatchObject({ code: 'server.sign-in-failed' })
    const { signIns, config } = await aSignIn(service)
    const first = await signIns.begin(config, {})
    const ended = expect(signIns.wait(first.id)).rejects.toMatchObject({ code: 'server.sign-in-failed' })
    const second = await signIns.begin(config, {})
    await ended
    const stopped = expect(signIns.wait(second.id)).rejects.toMatchObject({ code: 'server.sign-in-failed' })
    signIns.stop()
    await stopped
  })

  it('counts for the address it was made for, and no other', async () => {
    const { signIns, signIn } = await aSignIn(service)
    await signIn()
    const moved = remoteConfig('http://127.0.0.1:1/other')
    expect(await signIns.authorizeFor(moved)?.proof({ method: 'POST', url: 'http://127.0.0.1:1/other' })).toEqual({})
  })
})

describe('stepping up', () => {
  it('is told in the service’s words, asked of the person, and keeps what was granted before', async () => {
    const { call, state, signIn } = await aSignIn(service)
    await signIn()
    await expect(call('write')).rejects.toMatchObject({
      code: 'server.scope-needed',
      params: { scopes: 'files:write' },
    })
    expect(state()).toMatchObject({ state: 'more', scopes: ['files:read'], missing: ['files:write'] })
    expect(await call('read')).toBe('did read')
    expect((await signIn()).scopes).toEqual(['files:read', 'files:write'])
    expect(await call('write')).toBe('did write')
    expect(state()).toMatchObject({ state: 'signed-in', missing: [] })
  })
})

describe('renewing', () => {
  it('happens before the token ends, once for all who wait, and replaces the refresh token', async () => {
    const { call, signIn, clock, state } = await aSignIn(service)
    await signIn()
    clock.now += 3600_000 - 30_000
    expect(await Promise.all([1, 2, 3, 4].map(() => call('read')))).toEqual(Array(4).fill('did read'))
    const renewals = service.at('/token').filter(({ form }) => form.grant_type === 'refresh_token')
    expect(renewals).toHaveLength(1)
    expect(renewals[0]?.form).toMatchObject({ resource: service.mcpUrl })
    clock.now += 3600_000
    expect(await call('read')).toBe('did read') // with the second refresh token: reuse would have ended the family
    expect(state()).toMatchObject({ state: 'signed-in' })
  })

  it('happens when the server no longer takes the token, however many calls hear it', async () => {
    const { call, signIn } = await aSignIn(service)
    await signIn()
    service.forgetAccess()
    expect(await Promise.all([1, 2, 3].map(() => call('read')))).toEqual(Array(3).fill('did read'))
    expect(service.at('/token').filter(({ form }) => form.grant_type === 'refresh_token')).toHaveLength(1)
  })

  it('that is refused ends the sign-in: the person has to come back', async () => {
    const { call, signIn, state, lost, credentials } = await aSignIn(service)
    await signIn()
    service.forgetEverything()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(state()).toMatchObject({ state: 'sign-in', scopes: [] })
    expect(lost).toEqual(['files'])
    expect(credentials.knownValues()).toEqual([])
    await signIn()
    expect(await call('read')).toBe('did read')
  })

  it('that cannot be done now leaves what still holds in use', async () => {
    const { call, signIn, clock, state } = await aSignIn(service)
    service.twist = { token: (answer) => answer }
    await signIn()
    clock.now += 3600_000 - 30_000
    service.twist = { token: () => ({ error: 'temporarily_unavailable' }) }
    expect(await call('read')).toBe('did read')
    expect(state()).toMatchObject({ state: 'signed-in' })
  })
})

describe('a token that is refused', () => {
  it('is renewed again another time, but not twice in a row', async () => {
    const { call, signIn, clock, state } = await aSignIn(service)
    await signIn()
    for (let day = 0; day < 3; day++) {
      service.forgetAccess()
      expect(await call('read')).toBe('did read')
      clock.now += 3_000_000
    }
    service.twist = { token: (answer) => ({ ...answer, access_token: 'of-no-use' }) }
    service.forgetAccess()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
    expect(service.at('/token').filter(({ form }) => form.grant_type === 'refresh_token')).toHaveLength(4)
    expect(state()).toMatchObject({ state: 'sign-in' })
  })
})

describe('signing out', () => {
  it('is told to the service, and leaves nothing here', async () => {
    const { signIns, config, signIn, call, state, ring } = await aSignIn(service)
    await signIn()
    expect(await signIns.end(config)).toEqual({ ended: true, revoked: true })
    expect(service.secrets).toEqual([])
    expect(state()).toMatchObject({ state: 'none' })
    expect(await ring.get('secret/files/oauth:sign-in')).toBeUndefined()
    await expect(call('read')).rejects.toMatchObject({ code: 'server.sign-in-needed' })
  })

  it('says when the service offers no way to', async () => {
    service.twist = { metadata: ({ revocation_endpoint: _, ...said }) => said }
    const { signIns, config, signIn } = await aSignIn(service)
    await signIn()
    expect(await signIns.end(config)).toEqual({ ended: true, revoked: false })
  })
})
