import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { covers } from '../../shared/domain/key-scope.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { someClients } from './some-clients.ts'

const call = (server: string, name: string, action: ActionKind = 'unknown', kind = 'tool') => ({
  server,
  entry: { kind, name },
  action,
})
const rowOf = (db: Awaited<ReturnType<typeof someClients>>['db']) =>
  db.prepare('SELECT * FROM client_token').get() as { id: string; hash: string; uses: number; used_at: number }

/** Another secret under the same id, with the checksum that fits: a guess, not a typing slip. */
async function guessUnder(id: string): Promise<string> {
  const { newApiKey } = await import('../../main/clients/api-key.ts')
  return newApiKey(id).text
}

describe('the scopes of an API key', () => {
  it.each([
    [[], call('mail', 'mail__send'), true],
    [['read'], call('mail', 'mail__list', 'read'), true],
    [['read'], call('mail', 'mail__send', 'send'), false],
    [['read'], call('mail', 'mail__what', 'unknown'), false],
    [['servers:mail'], call('mail', 'mail__send'), true],
    [['servers:mail'], call('mail2', 'mail2__send'), false],
    [['servers:mail', 'servers:notes'], call('notes', 'notes__add'), true],
    [['tools:mail__*'], call('mail', 'mail__send'), true],
    [['tools:*__list_*'], call('mail', 'mail__list_all'), true],
    [['tools:mail__*'], call('xmail', 'xmail__send'), false],
    [['tools:mail__a*a'], call('mail', 'mail__a'), false],
    [['tools:mail__*'], call('mail', 'mail__greet', 'read', 'prompt'), false],
    [['read', 'servers:mail'], call('mail', 'mail__send', 'send'), false],
    [['read', 'servers:mail'], call('notes', 'notes__list', 'read'), false],
    [['read', 'servers:mail'], call('mail', 'mail__list', 'read'), true],
    [['everything'], call('mail', 'mail__list', 'read'), false],
    [['constructor:x'], call('mail', 'mail__list', 'read'), false],
  ])('%j: %j is covered: %s', (scopes, what, answer) => {
    expect(covers(scopes, what)).toBe(answer)
  })
})

describe('an API key', () => {
  it('is kept as scrypt with its salt and parameters, and opens the door after a restart', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script')
    expect(rowOf(app.db).hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    const next = await app.restarted()
    const [first, second] = await Promise.all([next.clients.authenticate(token), next.clients.authenticate(token)])
    expect([first, second]).toMatchObject([{ client: { name: 'Script' } }, { client: { name: 'Script' } }])
    expect(next.clients.authenticate(token)).not.toBeInstanceOf(Promise)
  })

  it('costs nothing when it is mistyped or unknown, and a wrong secret is refused', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script')
    const next = await app.restarted()
    expect(next.clients.authenticate(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)).toBeUndefined()
    expect(next.clients.authenticate(await guessUnder('0123456789abcdef'))).toBeUndefined()
    const wrong = await guessUnder(rowOf(app.db).id)
    expect(await next.clients.authenticate(wrong)).toBeUndefined()
    expect(await next.clients.authenticate(token)).toBeDefined()
    expect(next.clients.authenticate(wrong)).toBeUndefined()
  })

  it('is not looked at any longer when too many wrong secrets came under its id, for a minute', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script')
    const next = await app.restarted()
    const { id } = rowOf(app.db)
    for (let n = 0; n < 20; n++) expect(await next.clients.authenticate(await guessUnder(id))).toBeUndefined()
    expect(await next.clients.authenticate(token)).toBeUndefined()
    app.time.now += 60_000
    expect(await next.clients.authenticate(token)).toBeDefined()
  })

  it('from before, kept as an HMAC, goes on working and is kept as scrypt from then on', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script')
    const { id, clientId, createdAt, expiresAt } = await madeBefore(app, token)
    const next = await app.restarted()
    expect(await next.clients.authenticate(token)).toMatchObject({
      client: { id: clientId },
      credentialId: id,
      expiresAt,
    })
    expect(rowOf(app.db).hash).toMatch(/^scrypt\$/)
    const last = await next.restarted()
    expect(await last.clients.authenticate(token)).toBeDefined()
    expect(last.clients.list()).toMatchObject([{ tokens: [{ id, createdAt }] }])
  })

  it('says when and how often it was used, also after a restart', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script')
    expect(app.clients.list()).toMatchObject([{ tokens: [{ uses: 0 }] }])
    for (let n = 0; n < 3; n++) app.clients.authenticate(token)
    app.clients.stop()
    expect((await app.restarted()).clients.list()).toMatchObject([{ tokens: [{ uses: 3, usedAt: app.time.now }] }])
    expect(app.tampered).toEqual([])
  })

  it('gets another secret and keeps its id, scopes and end; the old secret is refused, also after a restart', async () => {
    const app = await someClients()
    const { token, expiresAt } = await app.clients.token('Script', 30, ['read'])
    const { id } = rowOf(app.db)
    app.time.now += 1000
    const rotated = await app.clients.rotateKey('script', id)
    expect(rotated.expiresAt).toBe(expiresAt)
    expect(app.replaced).toEqual([id])
    const next = await app.restarted()
    for (const { clients } of [app, next]) {
      expect(await clients.authenticate(token)).toBeUndefined()
      expect(await clients.authenticate(rotated.token)).toMatchObject({ credentialId: id, expiresAt })
    }
    expect(next.clients.list()).toMatchObject([{ tokens: [{ id, scopes: ['read'] }] }])
    await app.clients.token('Other')
    await expect(app.clients.rotateKey('Other', id)).rejects.toThrow('input.invalid')
  })

  it('confines the sessions it opens, and ends them when it is gone', async () => {
    const app = await someClients()
    const { expiresAt } = await app.clients.token('Script', 1, ['servers:notes'])
    const { id } = rowOf(app.db)
    const client = app.clients.named('Script')
    if (!client) throw new Error('there is no such client')
    for (const session of [app.sessions.forStateless(client, id), app.sessions.open(client, 'http', undefined, id)]) {
      const credential = { clientId: client.id, sessionId: session.id }
      const identified = app.clients.identify(credential).session
      expect(app.clients.beyondKey(identified, call('mail', 'mail__send') as never)).toBe('servers:notes')
      expect(app.clients.beyondKey(identified, call('notes', 'notes__add') as never)).toBeUndefined()
    }
    const own = app.sessions.open(client, 'bridge')
    expect(app.clients.beyondKey(own, call('mail', 'mail__send') as never)).toBeUndefined()
    const left = app.sessions.open(client, 'http', undefined, id)
    app.time.now = expiresAt
    expect(() => app.clients.identify({ clientId: client.id, sessionId: left.id })).toThrow('session.ended')
    expect(app.clients.beyondKey(left, call('notes', 'notes__add') as never)).toBe('nothing')
  })

  it('is nothing when its scopes were taken away in the database', async () => {
    const app = await someClients()
    const { token } = await app.clients.token('Script', 30, ['read'])
    app.db.prepare("UPDATE client_token SET scopes = '[]'").run()
    const next = await app.restarted()
    expect(next.tampered).toHaveLength(1)
    expect(next.clients.authenticate(token)).toBeUndefined()
  })
})

/** Its row as it was written when keys had no scopes. */
async function madeBefore(app: Awaited<ReturnType<typeof someClients>>, token: string) {
  const client = app.clients.named('Script')
  const [shown] = app.clients.list()[0]?.tokens ?? []
  if (!client || !shown) throw new Error('there is no key')
  const secret = app.clients.secretOf(client.id)
  const hash = createHmac('sha256', secret).update('gatehouse api key\n').update(token).digest('hex')
  const row = {
    id: shown.id,
    client_id: client.id,
    hash,
    created_at: shown.createdAt,
    expires_at: shown.expiresAt,
  }
  app.db
    .prepare('UPDATE client_token SET hash = ?, seal = ? WHERE id = ?')
    .run(hash, app.seal.seal('client_token', row), shown.id)
  return { ...shown, clientId: client.id }
}
