import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cliClientId } from '../../main/clients/clients.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { clientFilePath, readClientFile } from '../../shared/wire/client-file.ts'
import { someClients } from './some-clients.ts'

describe('pairing by the person', () => {
  it('writes the bridge’s copy for this user alone, and keeps the secret out of the database', async () => {
    const { clients, folder, db, keychain } = await someClients()
    const { id, secret } = await clients.pairByPerson('Editor')
    const file = clientFilePath(folder, 'Editor')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ id, name: 'Editor', secret })
    expect(await readClientFile(file)).toMatchObject({ clientId: id })
    expect(JSON.stringify(db.prepare('SELECT * FROM client').all())).not.toContain(secret)
    expect(keychain.kept.get(`client/${id}`)?.toString('base64url')).toBe(secret)
  })

  it('gives a name that is paired already the same id and secret', async () => {
    const { clients } = await someClients()
    const first = await clients.pairByPerson('Editor')
    expect(await clients.pairByPerson('editor')).toEqual(first)
    expect(clients.list()).toHaveLength(1)
  })

  it.each(['cli', 'Window', 'gatehouse', '', '../evil', 'a\u202Eb', 'x'.repeat(65), 'a\nb', '.hidden'])(
    'refuses the name %j',
    async (name) => {
      const { clients } = await someClients()
      await expect(clients.pairByPerson(name)).rejects.toMatchObject({ code: 'input.invalid' })
    },
  )

  it('gives each name a file of its own that cannot leave the folder', () => {
    const names = ['a b', 'a_b', 'Ünïcode', "it's", 'x.y', 'x@y']
    const paths = names.map((name) => clientFilePath('/c', name))
    expect(new Set(paths).size).toBe(names.length)
    for (const path of paths) expect(path).toMatch(/^\/c\/[A-Za-z0-9%_@+-]+\.json$/)
    expect(clientFilePath('/c', 'EDITOR')).toBe(clientFilePath('/c', 'editor'))
    expect(clientFilePath('/c', '../x')).not.toContain('..')
  })

  it('survives a restart', async () => {
    const app = await someClients()
    const { id, secret } = await app.clients.pairByPerson('Editor')
    const next = await app.restarted()
    expect(next.clients.secretOf(id).toString('base64url')).toBe(secret)
    expect(next.clients.list()).toMatchObject([{ name: 'Editor', state: 'paired', connected: false }])
  })
})

describe('identify', () => {
  it('knows client and session of a credential, and only that pair', async () => {
    const { clients, sessions } = await someClients()
    const { id } = await clients.pairByPerson('Editor')
    const { id: otherId } = await clients.pairByPerson('Other')
    const session = sessions.open(clients.known(id), 'bridge')
    expect(clients.identify({ clientId: id, sessionId: session.id })).toMatchObject({ client: { name: 'Editor' } })
    expect(() => clients.identify({ clientId: otherId, sessionId: session.id })).toThrow('session.ended')
    expect(() => clients.identify({ clientId: 'cl_x' as never, sessionId: session.id })).toThrow('client.unpaired')
  })

  it('refuses a revoked client from that moment on', async () => {
    const app = await someClients()
    const { id } = await app.clients.pairByPerson('Editor')
    const { token } = await app.clients.token('Editor')
    const session = app.sessions.open(app.clients.known(id), 'bridge')
    const revoking = app.clients.revoke('Editor')
    expect(() => app.clients.identify({ clientId: id, sessionId: session.id })).toThrow('client.revoked')
    expect(app.clients.authenticate(token)).toBeUndefined()
    expect(app.revoked).toEqual([id])
    await revoking
    expect(await readClientFile(clientFilePath(app.folder, 'Editor'))).toBeUndefined()
    expect(app.keychain.kept.size).toBe(0)
    expect(() => app.clients.secretOf(id)).toThrow('client.revoked')
  })

  it('knows Gatehouse’s own callers, which nobody can pair, revoke or hold a key of', async () => {
    const { clients } = await someClients()
    expect(clients.known(cliClientId).name).toBe('cli')
    expect(() => clients.secretOf(cliClientId)).toThrow('client.unpaired')
    await expect(clients.revoke('cli')).rejects.toMatchObject({ code: 'input.invalid' })
    await expect(clients.token('cli')).rejects.toMatchObject({ code: 'input.invalid' })
    expect(clients.list()).toEqual([])
  })
})

describe('an API key', () => {
  it('opens the door for its client until it runs out', async () => {
    const app = await someClients()
    const { token, expiresAt } = await app.clients.token('Web app', 90)
    expect(token).toMatch(/^gh_[0-9a-f]{16}_[0-9a-f]{64}_[0-9a-f]{8}$/)
    expect(app.clients.authenticate(token)).toMatchObject({ client: { name: 'Web app' } })
    expect(await (await app.restarted()).clients.authenticate(token)).toBeDefined()
    app.time.now = expiresAt
    expect(app.clients.authenticate(token)).toBeUndefined()
    expect((await app.restarted()).clients.list()).toMatchObject([{ tokens: [] }])
  })

  it('is nothing when a single character differs, and nothing in the database opens a door', async () => {
    const { clients, db } = await someClients()
    const { token } = await clients.token('Web app')
    for (const at of [3, 30, token.length - 1]) {
      const other = token[at] === '0' ? '1' : '0'
      expect(clients.authenticate(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
    }
    expect(clients.authenticate('')).toBeUndefined()
    expect(JSON.stringify(db.prepare('SELECT * FROM client_token').all())).not.toContain(token.slice(20, 84))
  })
})

describe('a client with a shell and the database file', () => {
  it('gains nothing by editing its own row', async () => {
    const app = await someClients()
    const { id } = await app.clients.pairByPerson('Editor')
    app.db.prepare("UPDATE client SET workspace = 'work' WHERE id = ?").run(id)
    const next = await app.restarted()
    expect(next.tampered).toEqual([id])
    expect(() => next.clients.known(id)).toThrow('client.unpaired')
    expect((await next.clients.pairByPerson('Editor')).id).not.toBe(id)
  })

  it('gains nothing by putting back the rows from before it was revoked', async () => {
    const app = await someClients()
    const { id } = await app.clients.pairByPerson('Editor')
    const { token } = await app.clients.token('Editor')
    const rows = (table: string) => app.db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]
    const before = { client: rows('client'), client_token: rows('client_token') }
    await app.clients.revoke('Editor')
    app.db.exec('DELETE FROM client')
    for (const [table, saved] of Object.entries(before))
      for (const row of saved) {
        const names = Object.keys(row)
        const places = names.map((name) => `@${name}`)
        app.db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${places.join()})`).run(row)
      }
    const next = await app.restarted()
    expect(next.tampered).toEqual([])
    expect(next.clients.authenticate(token)).toBeUndefined()
    expect(() => next.clients.secretOf(id)).toThrow('client.unpaired')
  })

  it('gains nothing by adding an API key of its own making', async () => {
    const app = await someClients()
    const { id } = await app.clients.pairByPerson('Editor')
    app.db
      .prepare("INSERT INTO client_token VALUES ('0123456789abcdef', ?, 'aa', 0, 9999999999999, 'x', '[]', NULL, 0)")
      .run(id)
    const next = await app.restarted()
    expect(next.tampered).toEqual(['0123456789abcdef'])
    expect(next.clients.list()).toMatchObject([{ tokens: [] }])
  })
})

describe('a suspended client', () => {
  it('is refused from that moment, also after a restart, and keeps its keys for when it is resumed', async () => {
    const app = await someClients()
    const { id } = await app.clients.pairByPerson('Editor')
    const { token } = await app.clients.token('Editor')
    const session = app.sessions.open(app.clients.known(id), 'bridge')
    app.clients.suspend('editor')
    expect(() => app.clients.identify({ clientId: id, sessionId: session.id })).toThrow('client.suspended')
    expect(() => app.clients.secretOf(id)).toThrow('client.suspended')
    expect(() => app.clients.authenticate(token)).toThrow('client.suspended')
    expect(app.sessions.get(session.id)).toBeUndefined()
    expect(app.changed.at(-1)).toMatchObject({ state: 'suspended', connected: false })
    const next = await app.restarted()
    expect(() => next.clients.known(id)).toThrow('client.suspended')
    next.clients.resume('Editor')
    expect(await next.clients.authenticate(token)).toMatchObject({ client: { id } })
  })

  it('has to exist and be paired; only a suspended one is resumed', async () => {
    const { clients } = await someClients()
    await clients.pairByPerson('Editor')
    expect(() => clients.suspend('Nobody')).toThrow('input.invalid')
    expect(() => clients.suspend('cli')).toThrow('input.invalid')
    expect(() => clients.resume('Editor')).toThrow('input.invalid')
    await clients.revoke('Editor')
    expect(() => clients.suspend('Editor')).toThrow('input.invalid')
    expect(() => clients.resume('Editor')).toThrow('input.invalid')
  })
})

it('gives a snippet to paste into an AI app’s configuration', async () => {
  const { clients } = await someClients()
  expect(JSON.parse(clients.snippet('Editor').json)).toEqual({
    mcpServers: {
      gatehouse: { command: '/home/me/.config/gatehouse/bin/gatehouse-bridge', args: ['--client', 'Editor'] },
    },
  })
  const placed = clients.snippet('Editor', 'work' as WorkspaceName)
  expect(placed.args).toEqual(['--client', 'Editor', '--workspace', 'work'])
})
