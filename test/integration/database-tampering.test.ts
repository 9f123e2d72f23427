import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

/** Code of the same user that edits the database, with the app running and without; every row it uses is a genuine one. */
describe('a database changed behind Gatehouse’s back', () => {
  let app: GatehouseApp
  let editor: RawBridge
  const database = () => join(app.home, 'gatehouse.db')
  const kept = (name: string) => join(app.folder, name)

  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files', '--sandbox', '2', '--trust')
    editor = await app.client('editor')
    await app.ask('clients', 'pair', 'gone')
    await app.ask('clients', 'token', 'gone')
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'files__act')
    expect(said(await editor.call('files__act', { what: 'x' }))).toBe('done')
    copyNow('older.db')
    // since then the person became more careful
    await app.ask('servers', 'set', 'files', '--sandbox', '3')
    await app.ask('clients', 'revoke', 'gone')
    await app.ask('permissions', 'deny', '--client', 'editor', '--tool', 'files__act')
    expect(said(await editor.call('files__act', { what: 'x' }))).toContain('rules do not allow')
    await app.ask('limits', 'set', 'client', 'editor', '--calls', '100/hour')
    await app.ask('filters', 'policy', 'strict')
    await app.kill()
    copyNow('present.db')
    cpSync(join(app.home, 'vault'), kept('vault'))
  })
  afterAll(() => app.end())

  function copyNow(name: string): void {
    const db = new Database(database())
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.prepare('VACUUM INTO ?').run(kept(name))
    db.close()
  }

  function put(name: string): void {
    for (const suffix of ['-wal', '-shm']) rmSync(`${database()}${suffix}`, { force: true })
    writeFileSync(database(), readFileSync(kept(name)))
  }

  function edit(change: (db: Database.Database) => void): void {
    const db = new Database(database())
    db.exec(`ATTACH '${kept('older.db')}' AS older`)
    change(db)
    db.close()
  }

  async function expectFrozen(): Promise<void> {
    const before = app.reached('files').length
    expect(said(await editor.call('files__act', { what: 'tampered' }))).toContain('records changed by someone else')
    expect(app.reached('files')).toHaveLength(before)
    const { sound, findings } = await app.cli('integrity', 'show', '--json').then(({ out }) => JSON.parse(out))
    expect(sound).toBe(false)
    expect(findings.length).toBeGreaterThan(0)
    const { entries } = await app.cli('audit', 'list', '--text', 'outside', '--json').then(({ out }) => JSON.parse(out))
    expect(entries[0]).toMatchObject({ action: 'integrity.fault', severity: 'critical' })
  }

  async function findings(): Promise<string[]> {
    const { findings } = await app.cli('integrity', 'show', '--json').then(({ out }) => JSON.parse(out))
    return findings.map(({ sentence }: { sentence: string }) => sentence).sort()
  }

  const attacks: [string, (db: Database.Database) => void][] = [
    ['a rule that denies is deleted', (db) => db.exec(`DELETE FROM grants WHERE effect = 'deny'`)],
    [
      'a rule that denies is deleted, with the seal over the rules of before',
      (db) =>
        db.exec(
          `DELETE FROM grants WHERE effect = 'deny'; DELETE FROM permission_state; INSERT INTO permission_state SELECT * FROM older.permission_state`,
        ),
    ],
    [
      'a server’s record of before is put back',
      (db) => db.exec(`DELETE FROM server; INSERT INTO server SELECT * FROM older.server`),
    ],
    [
      'a revoked client’s record of before is put back, with its key',
      (db) =>
        db.exec(
          `DELETE FROM client WHERE name = 'gone'; INSERT INTO client SELECT * FROM older.client WHERE name = 'gone'; INSERT INTO client_token SELECT * FROM older.client_token`,
        ),
    ],
    ['what was accepted of a server is deleted', (db) => db.exec(`DELETE FROM pin WHERE server = 'files'`)],
    [
      'a rule that denies is edited, its seal left',
      (db) => db.exec(`UPDATE grants SET tool = 'other__*' WHERE effect = 'deny'`),
    ],
    ['a setting is put in', (db) => db.exec(`INSERT INTO setting VALUES ('firstRunDone', 'true', 'x')`)],
    [
      'every table of before is put back with its seal',
      (db) =>
        db.exec(
          ['grants', 'permission_state', 'server', 'client', 'client_token', 'pin', 'setting', 'table_root']
            .map((name) => `DELETE FROM ${name}; INSERT INTO ${name} SELECT * FROM older.${name};`)
            .join('\n'),
        ),
    ],
    [
      'a trigger is planted that deletes rules',
      (db) =>
        db.exec(`CREATE TRIGGER mine AFTER INSERT ON session BEGIN DELETE FROM grants WHERE effect = 'deny'; END`),
    ],
  ]

  it.each(attacks)('allows nothing at the next start when %s', async (_, change) => {
    await app.kill()
    put('present.db')
    edit(change)
    app.stderr = ''
    await app.start()
    await expectFrozen()
    expect(app.stderr).toContain('was changed outside Gatehouse, so nothing is allowed')
  })

  it('allows nothing at the next start when an older copy of the database is put in place', async () => {
    await app.kill()
    put('older.db')
    await app.start()
    await expectFrozen()
    const { servers } = (await app.ask('servers', 'list')) as { servers: { name: string; state: string }[] }
    expect(servers.find(({ name }) => name === 'files')?.state).toBe('disabled')
  })

  it('allows nothing when the whole folder is put back as it was, but for the keychain', async () => {
    await app.kill()
    put('present.db')
    rmSync(kept('folder'), { recursive: true, force: true })
    cpSync(app.home, kept('folder'), { recursive: true })
    cpSync(join(app.home, 'vault'), kept('vault'))
    await app.start()
    expect((await app.ask('integrity', 'show')).sound).toBe(true)
    await app.ask('permissions', 'deny', '--client', '*', '--tool', 'files__*')
    await app.stop() // anchors the audit log, too
    const vault = readFileSync(join(app.home, 'vault'))
    rmSync(app.home, { recursive: true })
    cpSync(kept('folder'), app.home, { recursive: true })
    writeFileSync(join(app.home, 'vault'), vault)
    await app.start()
    await expectFrozen()
    expect(await app.cli('audit', 'verify', '--json').then(({ out }) => JSON.parse(out))).toMatchObject({
      valid: false,
    })
  })

  it('takes a single edited record that gives nothing away for none, on record and named', async () => {
    await app.kill()
    put('present.db')
    writeFileSync(join(app.home, 'vault'), readFileSync(kept('vault')))
    edit((db) => db.exec(`UPDATE pin SET accepted_pin = 'other' WHERE server = 'files'`))
    await app.start()
    const shown = await app.cli('integrity', 'show', '--json')
    expect(shown.code).toBe(1)
    const { sound, forged } = JSON.parse(shown.out)
    expect([sound, forged[0]]).toEqual([true, expect.stringContaining('was changed outside Gatehouse')])
    const { entries } = (await app.ask('audit', 'list', '--action', 'integrity.fault')) as { entries: object[] }
    expect(entries).toContainEqual(expect.objectContaining({ severity: 'critical', summary: forged[0] }))
  })

  it('names every kind of record that narrows and was edited, and goes on without these by the person’s word', async () => {
    await app.kill()
    put('present.db')
    writeFileSync(join(app.home, 'vault'), readFileSync(kept('vault')))
    edit((db) =>
      db.exec(`UPDATE use_quota SET most = 1000000; 
        UPDATE filter_settings SET value = '{"policies":{},"actions":[]}'; UPDATE setting SET value = '[]' WHERE key = 'givenServers';
        UPDATE client SET state = 'paired' WHERE name = 'gone'`),
    )
    await app.start()
    await expectFrozen()
    const narrowing = [
      'The list of AI apps: some were edited or removed.',
      'What you set for filters: they were edited.',
      'Your limits: some were edited or removed.',
      'Your settings: some were edited or removed.',
    ]
    expect(await findings()).toEqual(narrowing)
    edit((db) => db.exec('CREATE TABLE mine (x); DROP TABLE mine')) // what Gatehouse wrote meanwhile would be looked at now
    expect(await findings()).toEqual(narrowing)
    await app.ask('integrity', 'accept')
    await app.gone()
    await app.start()
    expect((await app.ask('integrity', 'show')).sound).toBe(true)
    expect(await app.ask('limits', 'list')).toEqual({ quotas: [] })
    expect(await app.ask('filters', 'list')).toMatchObject({ policy: 'strict' })
  })

  it('is not made right by a change of the rules while a rule that denies stands there edited', async () => {
    await app.kill()
    put('present.db')
    writeFileSync(join(app.home, 'vault'), readFileSync(kept('vault')))
    await app.start()
    edit((db) => db.exec(`UPDATE grants SET tool = 'other__*' WHERE effect = 'deny'`))
    await app.ask('permissions', 'ask', '--tool', 'none__*')
    await expectFrozen()
  })

  it('allows nothing from the moment it is changed while the app runs', async () => {
    await app.kill()
    put('present.db')
    writeFileSync(join(app.home, 'vault'), readFileSync(kept('vault')))
    await app.start()
    expect((await app.ask('integrity', 'show')).sound).toBe(true)
    edit((db) => db.exec(`DELETE FROM grants WHERE effect = 'deny'`))
    await expectFrozen()
  })

  it('goes on by the person’s word: what was allowed is held for review, servers are off, what denies stays', async () => {
    const accepted = await app.ask('integrity', 'accept')
    expect(accepted).toMatchObject({ held: 1, switchedOff: expect.arrayContaining(['files']) })
    await app.gone()
    await app.start()
    const state = (await app.ask('integrity', 'show')) as { sound: boolean; held: { id: string; sentence: string }[] }
    expect(state).toMatchObject({ sound: true, held: [{ sentence: 'editor may use files__act without asking.' }] })
    expect(said(await editor.call('files__act', { what: 'x' }))).not.toBe('done')
    await app.ask('servers', 'enable', 'files')
    await app.ask('integrity', 'release', state.held[0]?.id ?? '')
    expect(said(await editor.call('files__act', { what: 'again' }))).toBe('done')
    expect(((await app.ask('integrity', 'show')) as typeof state).held).toEqual([])
  })
})
