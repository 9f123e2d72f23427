import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { AccessTokens, accessTokenMs, refreshTokenMs } from '../../main/clients/access-tokens.ts'
import { TokenFamilyStore } from '../../main/clients/token-family-store.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import { someClients } from './some-clients.ts'

const key = Buffer.alloc(32, 3)

async function someTokens() {
  const { clients, db, keychain, time } = await someClients()
  const { id } = await clients.pairByPerson('Web app')
  const reused: ClientId[] = []
  const tampered: string[] = []
  const open = () => {
    const tokens = new AccessTokens({
      store: new TokenFamilyStore(db, rowSeal(key), (one) => tampered.push(one)),
      secrets: keychain,
      client: (client) => clients.known(client),
      onReused: (client) => reused.push(client),
      now: () => time.now as EpochMs,
    })
    tokens.start()
    return tokens
  }
  return { clients, db, keychain, time, id, reused, tampered, open, tokens: open() }
}

describe('an access token', () => {
  it('says whose it is for 15 minutes, and never again', async () => {
    const { tokens, id, time } = await someTokens()
    const { accessToken, accessExpiresAt } = await tokens.begin(id, 'key-1')
    expect(accessExpiresAt).toBe(time.now + accessTokenMs)
    const caller = { client: { name: 'Web app' }, credentialId: 'key-1', expiresAt: accessExpiresAt }
    expect(await tokens.verify(accessToken)).toMatchObject(caller)
    expect(await tokens.verify(accessToken)).toMatchObject(caller) // remembered
    time.now += accessTokenMs + 6_000
    expect(await tokens.verify(accessToken)).toBeUndefined()
  })

  it('is signed with a key of the keychain, which a restart finds again', async () => {
    const { tokens, id, open, keychain, db } = await someTokens()
    const { accessToken, refreshToken } = await tokens.begin(id)
    expect(await open().verify(accessToken)).toMatchObject({ client: { id } })
    expect(JSON.stringify(db.prepare('SELECT * FROM token_family').all())).not.toContain(refreshToken.slice(-64))
    keychain.kept.delete('access-token-keys')
    expect(await open().verify(accessToken)).toBeUndefined()
  })

  it('of anybody else’s making counts for nothing', async () => {
    const { tokens, id } = await someTokens()
    const { accessToken } = await tokens.begin(id)
    const [head = '', body = '', signature = ''] = accessToken.split('.')
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    const claims = decodeJwt(accessToken)
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .sign(generateKeyPairSync('ed25519').privateKey)
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from('the public key, taken for a secret, one would say'))
    const longer = Buffer.from(JSON.stringify({ ...claims, exp: (claims.exp ?? 0) + 1 })).toString('base64url')
    const tries = [`${none}.${body}.`, `${none}.${body}.${signature}`, foreign, hmac, `${head}.${longer}.${signature}`]
    for (const text of [...tries, '', 'x', '..', `${head}.${body}`, `${accessToken}x`, accessToken.slice(0, -2)])
      expect(await tokens.verify(text), text).toBeUndefined()
  })

  it('ends with its client: revoked and suspended ones are refused, also when the token is remembered', async () => {
    const { tokens, clients, id } = await someTokens()
    const { accessToken } = await tokens.begin(id)
    await tokens.verify(accessToken)
    clients.suspend('Web app')
    expect(() => tokens.verify(accessToken)).toThrow('client.suspended')
    await clients.revoke('Web app')
    expect(() => tokens.verify(accessToken)).toThrow('client.revoked')
  })
})

describe('a refresh token', () => {
  it('gives the next pair once, for 7 days', async () => {
    const { tokens, id, time } = await someTokens()
    const first = await tokens.begin(id)
    const second = await tokens.refresh(first.refreshToken)
    expect(second?.refreshToken).not.toBe(first.refreshToken)
    expect(await tokens.verify(second?.accessToken ?? '')).toMatchObject({ client: { id } })
    time.now += refreshTokenMs
    expect(await tokens.refresh(second?.refreshToken ?? '')).toBeUndefined()
  })

  it('used a second time ends its whole family, also the newest of it, and is told', async () => {
    const { tokens, id, reused } = await someTokens()
    const first = await tokens.begin(id)
    const second = await tokens.refresh(first.refreshToken)
    const third = await tokens.refresh(second?.refreshToken ?? '')
    const other = await tokens.begin(id)
    expect(await tokens.refresh(first.refreshToken)).toBeUndefined()
    expect(reused).toEqual([id])
    expect(await tokens.refresh(third?.refreshToken ?? '')).toBeUndefined()
    expect(await tokens.verify(third?.accessToken ?? '')).toBeUndefined()
    expect(await tokens.verify(other.accessToken)).toMatchObject({ client: { id } })
  })

  it('used twice at the same moment is used twice', async () => {
    const { tokens, id, reused } = await someTokens()
    const { refreshToken } = await tokens.begin(id)
    const pairs = await Promise.all([tokens.refresh(refreshToken), tokens.refresh(refreshToken)])
    expect(pairs.filter(Boolean)).toHaveLength(1)
    expect(reused).toEqual([id])
    for (const pair of pairs) if (pair) expect(await tokens.verify(pair.accessToken)).toBeUndefined()
  })

  it('guessed ends nothing', async () => {
    const { tokens, id, reused } = await someTokens()
    const { refreshToken } = await tokens.begin(id)
    const [, family] = refreshToken.split('_')
    for (const text of [`ghr_${family}_0_${'0'.repeat(64)}`, `ghr_${family}_1_${'f'.repeat(64)}`, 'ghr_', ''])
      expect(await tokens.refresh(text)).toBeUndefined()
    expect(reused).toEqual([])
    expect(await tokens.refresh(refreshToken)).toBeDefined()
  })

  it('put back by an older copy of the database does not work again', async () => {
    const { tokens, id, db, open, tampered, reused } = await someTokens()
    const first = await tokens.begin(id)
    const before = db.prepare('SELECT * FROM token_family').get() as { seal: string }
    const second = await tokens.refresh(first.refreshToken)
    db.prepare('UPDATE token_family SET generation = 1').run()
    expect(await open().refresh(first.refreshToken)).toBeUndefined()
    expect(tampered).toHaveLength(1)
    db.prepare('UPDATE token_family SET seal = ?').run(before.seal)
    expect(await open().refresh(second?.refreshToken ?? '')).toBeUndefined() // newer than the row: the row is old
    expect(reused).toEqual([id])
  })
})

it('a token handed back is revoked with all of its family', async () => {
  const { tokens, id } = await someTokens()
  const one = await tokens.begin(id)
  const two = await tokens.begin(id)
  expect(await tokens.revoke(one.refreshToken)).toBe(true)
  expect(await tokens.revoke(two.accessToken)).toBe(true)
  expect(await tokens.revoke('nothing')).toBe(false)
  for (const { accessToken } of [one, two]) expect(await tokens.verify(accessToken)).toBeUndefined()
})
