import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'
import { runCommand } from '../support/run-command.ts'
import { operatorPassphrase } from '../support/running-app.ts'

/** Code of the same user that ends the app and starts it again in its own way. */
describe('restarting the app with an environment of one’s own', () => {
  let app: GatehouseApp
  let id: string

  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files')
    const editor = await app.client('editor')
    void editor.call('files__act', { what: 'delete everything' }).catch(() => {})
    id = await app.question()
    await app.kill()
  })
  afterAll(() => app.end())

  it('keeps the operator passphrase the person set, ignores another one, and says so', async () => {
    await app.start({ env: { GATEHOUSE_OPERATOR_PASSPHRASE: 'a passphrase of my own' } })
    expect(app.stderr).toContain('GATEHOUSE_OPERATOR_PASSPHRASE is not this data folder’s passphrase and was ignored')
    const mine = { GATEHOUSE_OPERATOR_PASSPHRASE: 'a passphrase of my own' }
    expect(await runCommand(app.home, ['approvals', 'approve', id], mine)).toMatchObject({ code: 1 })
    const login = await signIn(app)
    expect(login).toMatchObject({ locked: true })
    expect((await app.pending()).map((question) => question.id)).toEqual([id])
    await app.kill()
  })

  it('does not use values that widen, and says which', async () => {
    const widening = {
      GATEHOUSE_APPROVALS__EXPIRY_SECONDS: '86400',
      GATEHOUSE_APPROVALS__OPEN_PER_CLIENT: '1000',
      GATEHOUSE_LIMITS__CALLS_PER_MINUTE: '9000000',
    }
    writeFileSync(join(app.home, 'config.yaml'), 'limits:\n  concurrency: 500\n')
    await app.start({ env: widening })
    for (const [path, used] of [
      ['approvals.expirySeconds = 86400', 300],
      ['approvals.openPerClient = 1000', 20],
      ['limits.concurrency = 500', 20],
    ])
      expect(app.stderr).toMatch(new RegExp(`${path} was found .* not used.*now ${used}`))
    rmSync(join(app.home, 'config.yaml'))
    await app.kill()
  })

  it.each([
    ['a setting that does not exist', { GATEHOUSE_APPROVALS__ASK: 'never' }, 'approvals'],
    ['rules in the environment', { GATEHOUSE_PERMISSIONS__DEFAULT: 'allow' }, 'permissions'],
  ])('does not start with %s', async (_, env, named) => {
    const { code, stderr } = await app.attempt({ env })
    expect(code).toBe(1)
    expect(stderr).toContain('The settings')
    expect(stderr).toContain(named)
  })

  it('does not start with rules in config.yaml', async () => {
    writeFileSync(join(app.home, 'config.yaml'), 'servers:\n  files:\n    trusted: true\n')
    const { code, stderr } = await app.attempt()
    expect(code).toBe(1)
    expect(stderr).toContain('config.yaml')
    rmSync(join(app.home, 'config.yaml'))
  })

  it.each([
    ['NODE_OPTIONS=--inspect', { env: { NODE_OPTIONS: '--inspect=0' } }],
    ['NODE_OPTIONS=--require', { env: { NODE_OPTIONS: '--require ./test/support/recorder-server/empty.cjs' } }],
    ['--inspect', { nodeOptions: ['--inspect=0'] }],
  ])('does not start under a debugger: %s', async (_, options) => {
    writeFileSync('test/support/recorder-server/empty.cjs', '')
    const { code, stderr } = await app.attempt(options)
    rmSync('test/support/recorder-server/empty.cjs')
    expect(code).toBe(1)
    expect(stderr).toContain('does not start under a debugger')
  })

  it.each([
    ['another vault passphrase', { GATEHOUSE_VAULT_PASSPHRASE: 'mine' }, 'does not open the vault file'],
    ['no vault passphrase', { GATEHOUSE_VAULT_PASSPHRASE: undefined }, 'needs a passphrase'],
    ['another place for the keys', { GATEHOUSE_KEYCHAIN: 'system' }, 'held by the vault file'],
  ])('does not start with %s', async (_, env, sentence) => {
    const { code, stderr } = await app.attempt({ env })
    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('    at ')
  })

  it('does not begin with keys of its own when the vault was taken away', async () => {
    for (const name of ['vault', 'vault.holder']) renameSync(join(app.home, name), join(app.folder, name))
    const { code, stderr } = await app.attempt({ env: { GATEHOUSE_VAULT_PASSPHRASE: 'mine' } })
    expect(code).toBe(1)
    expect(stderr).toContain('already in use')
    for (const name of ['vault', 'vault.holder']) renameSync(join(app.folder, name), join(app.home, name))
  })

  it('leaves this folder’s clients to this folder when started on another one', async () => {
    const other = await GatehouseApp.start({ env: { GATEHOUSE_HOME: app.home } })
    expect(existsSync(join(other.home, 'gatehouse.db'))).toBe(true)
    const clients = JSON.parse((await other.cli('clients', 'list', '--json')).out)
    expect(clients).toEqual({ clients: [] })
    expect((await other.cli('approvals', 'approve', id)).code).toBe(1)
    await other.end()
  })

  it('has lost nothing: the question is answered by the person, and its call is honoured once', async () => {
    await app.start()
    expect(app.reached('files')).toEqual([])
    await app.approve(id)
    const editor = await app.bridge('editor').introduce()
    expect(said(await editor.call('files__act', { what: 'delete everything' }))).toBe('done')
    expect(app.reached('files')).toHaveLength(1)
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true })
  })
})

/** Code of the same user that edits the data folder while the app is not running. */
describe('editing files of the data folder', () => {
  let app: GatehouseApp
  let editor: RawBridge

  beforeAll(async () => {
    app = await GatehouseApp.start({ env: { GATEHOUSE_APPROVALS__ANSWER_AFTER_SECONDS: '1' } })
    await app.addRecorder('files', '--sandbox', '2')
    editor = await app.client('editor')
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'nothing__real')
    await app.ask('clients', 'pair', 'gone')
    await app.ask('clients', 'revoke', 'gone')
    expect(said(await editor.call('files__act', { what: 'x' }))).toContain('has not answered yet')
    const db = new Database(join(app.home, 'gatehouse.db'))
    await db.backup(join(app.folder, 'kept.db'))
    db.close()
  })
  afterAll(() => app.end())

  /** A whole database in the place of the present one. The app is not running. */
  function put(database: string): void {
    for (const suffix of ['-wal', '-shm']) rmSync(join(app.home, `gatehouse.db${suffix}`), { force: true })
    writeFileSync(join(app.home, 'gatehouse.db'), readFileSync(join(app.folder, database)))
  }

  /** Puts the database back as it was, edits it, starts the app again and tries a call that needs a question. */
  async function expectAskedAfter(edit: (db: Database.Database) => void): Promise<string> {
    await app.kill()
    put('kept.db')
    const db = new Database(join(app.home, 'gatehouse.db'))
    edit(db)
    db.close()
    app.stderr = ''
    await app.start()
    const before = app.reached('files').length
    const answer = said(await editor.call('files__act', { what: 'x' }))
    expect(app.reached('files')).toHaveLength(before)
    return `${answer}\n${app.stderr}`
  }

  it('does not honour a grant that was edited or put in', async () => {
    const said = await expectAskedAfter((db) => {
      db.prepare(`UPDATE grants SET tool = '*', client = '*'`).run()
      db.prepare(
        `INSERT INTO grants SELECT seq + 1, 'gr_mine', effect, scope, client, 'files__act', path, client_id, session_id, server,
         workspace, pin, cell, binding, created_at, expires_at, origin, seal, conditions FROM grants LIMIT 1`,
      ).run()
    })
    expect(said).toMatch(/records changed by someone else[\s\S]*changed outside Gatehouse[\s\S]*Permissions/)
  })

  it('does not honour an approval whose state was edited', async () => {
    const answer = await expectAskedAfter((db) =>
      db
        .prepare(
          `UPDATE approval SET state = 'approved', scope = 'once', releases = 5, release_until = ? WHERE state = 'pending'`,
        )
        .run(Date.now() + 600_000),
    )
    expect(answer).toMatch(/has not answered yet/)
    expect(answer).toContain('was changed outside Gatehouse')
  })

  it('does not honour a used answer that was put back', async () => {
    const { id } = (await app.pending())[0] ?? { id: '' }
    await app.approve(id)
    await app.kill()
    const before = new Database(join(app.home, 'gatehouse.db'))
    await before.backup(join(app.folder, 'unused.db'))
    before.close()
    await app.start()
    expect(said(await editor.call('files__act', { what: 'x' }))).toBe('done')
    await app.kill()
    put('unused.db')
    await app.start()
    expect(said(await editor.call('files__act', { what: 'x' }))).toContain('has not answered yet')
    expect(app.reached('files')).toHaveLength(1)
  })

  it.each([
    ['made trusted', { trusted: true }],
    ['taken out of its sandbox', { sandbox: 0 }],
    ['given another command', { origin: { kind: 'command', command: '/bin/sh', args: ['-c', 'cat'] } }],
  ])('switches a server off whose record was %s', async (_, change) => {
    const answer = await expectAskedAfter((db) => {
      const { config } = db.prepare(`SELECT config FROM server WHERE name = 'files'`).get() as { config: string }
      db.prepare(`UPDATE server SET config = ? WHERE name = 'files'`).run(
        JSON.stringify({ ...JSON.parse(config), ...change }),
      )
    })
    expect(answer).toContain('“files” was changed outside Gatehouse')
  })

  it('holds back an entry whose accepted pin was edited', async () => {
    const answer = await expectAskedAfter((db) =>
      db
        .prepare(`UPDATE pin SET accepted = replace(accepted, 'does act', 'does no harm') WHERE own_name = 'act'`)
        .run(),
    )
    expect(answer).toMatch(/held back|Unknown|has not answered yet/)
    expect(answer).toMatch(/outside Gatehouse/)
  })

  it('does not let a revoked client back in whose row was edited', async () => {
    await app.kill()
    const db = new Database(join(app.home, 'gatehouse.db'))
    db.prepare(`UPDATE client SET state = 'paired' WHERE name = 'gone'`).run()
    const editorFile = JSON.parse(readFileSync(join(app.home, 'clients', 'editor.json'), 'utf8'))
    const { id } = db.prepare(`SELECT id FROM client WHERE name = 'gone'`).get() as { id: string }
    db.close()
    writeFileSync(join(app.home, 'clients', 'gone.json'), JSON.stringify({ ...editorFile, id, name: 'gone' }), {
      mode: 0o600,
    })
    await app.start()
    const gone = app.bridge('gone')
    const answer = await gone.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} })
    expect(answer.error?.message).toMatch(/not paired|revoked/)
    expect(gone.messages.some((message) => message.result)).toBe(false)
  })

  it('gives no rights for an edited setting, session or endpoint file', async () => {
    const answer = await expectAskedAfter((db) => {
      db.prepare(`INSERT OR REPLACE INTO setting VALUES ('approvals', '{"expirySeconds":99999999}', 'x')`).run()
      db.prepare(`UPDATE session SET workspace = 'other'`).run()
      writeFileSync(join(app.home, 'run', 'endpoint.json'), JSON.stringify({ socket: '/tmp/nowhere.sock', pid: 1 }))
    })
    expect(answer).toContain('records changed by someone else')
  })

  it('does not start with data keys that were replaced', async () => {
    await app.kill()
    const file = join(app.home, 'data-keys.json')
    const kept = readFileSync(file)
    writeFileSync(file, JSON.stringify({ version: 1, keys: [{ id: 'aa', madeAt: 1, wrapped: 'AAAA' }] }))
    const { code, stderr } = await app.attempt()
    expect(code).toBe(1)
    expect(stderr).toContain('data-keys.json is damaged')
    expect(stderr).toContain('Restore it from a backup')
    writeFileSync(file, kept)
    await app.start()
  })

  it.each<[string, (lines: readonly string[]) => readonly string[]]>([
    ['copied', (lines) => lines.toSpliced(4, 0, lines[1] ?? '')],
    ['swapped', (lines) => lines.with(4, lines[5] ?? '').with(5, lines[4] ?? '')],
    ['cut', (lines) => lines.toSpliced(4, 1)],
  ])('names the first entry of the audit journal from where lines were %s while the app runs', async (_, change) => {
    const file = join(app.home, 'audit', readdirSync(join(app.home, 'audit')).find((name) => /^\d+/.test(name)) ?? '')
    const verify = async () => JSON.parse((await app.cli('audit', 'verify', '--json')).out)
    expect(await verify()).toMatchObject({ valid: true })
    const whole = readFileSync(file, 'utf8')
    const changed = change(whole.split('\n')).join('\n')
    writeFileSync(file, changed)
    expect(await verify()).toMatchObject({ valid: false, firstFault: { seq: 5 } })
    writeFileSync(file, whole + readFileSync(file, 'utf8').slice(changed.length))
    expect(await verify()).toMatchObject({ valid: true })
  })

  it('names the first entry of the audit journal that was edited, and still writes after it', async () => {
    await app.kill()
    const journal = join(app.home, 'audit')
    const file = readdirSync(journal)
      .map((name) => join(journal, name))
      .find((name) => readFileSync(name, 'utf8').includes('editor'))
    expect(file).toBeDefined()
    const whole = readFileSync(file as string, 'utf8')
    writeFileSync(file as string, whole.replace('“editor” was paired', '“nobody” was paired'))
    await app.start()
    const { valid, firstFault } = await app.cli('audit', 'verify', '--json').then(({ out }) => JSON.parse(out))
    expect(valid).toBe(false)
    expect(firstFault).toBeDefined()
  })

  it('still knows the person’s passphrase and the client after all of that', async () => {
    expect((await app.operator('approvals', 'list')).code).toBe(0)
    expect(
      (
        await runCommand(app.home, ['servers', 'disable', 'files'], {
          GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
        })
      ).code,
    ).toBe(0)
    const again = await app.bridge('editor').introduce()
    expect((await again.request('tools/list')).result).toBeDefined()
  })
})

async function signIn(app: GatehouseApp): Promise<unknown> {
  const link = new URL(app.loginUrl)
  const body = JSON.stringify({ token: link.hash.slice(1) })
  const answer = await fetch(new URL('/api/login', link), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  return answer.json()
}
