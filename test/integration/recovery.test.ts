import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../support/command-line.ts'
import { cleanEnvironment, GatehouseApp, root, vaultPassphrase } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'
import { operatorPassphrase } from '../support/running-app.ts'

const recovery = 'a passphrase for bad days'
const env = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase, GATEHOUSE_RECOVERY_PASSPHRASE: recovery }

describe('backups and an empty keychain', () => {
  let app: GatehouseApp
  let editor: RawBridge
  let backup: string
  const backups = async (...args: string[]) => {
    const done = await commandLine(app.home, ['backup', ...args, '--json'], env)
    if (done.code !== 0) throw new Error(done.err + done.out)
    return JSON.parse(done.out) as Record<string, unknown>
  }
  const integrity = () => app.cli('integrity', 'show', '--json').then(({ out }) => JSON.parse(out))

  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files', '--sandbox', '2')
    editor = await app.client('editor')
    await app.ask('clients', 'pair', 'gone')
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'files__act')
    expect(said(await editor.call('files__act', { what: 'planted-argument' }))).toBe('done')
  })
  afterAll(() => app.end())

  it('makes no backup before there is a passphrase to make it under, and none that shows a secret', async () => {
    expect((await commandLine(app.home, ['backup', 'create'], env)).code).toBe(2)
    await backups('passphrase')
    backup = String((await backups('create')).file)
    const bytes = readFileSync(backup)
    for (const secret of ['files__act', 'editor', 'planted-argument', recovery, vaultPassphrase, 'SQLite format'])
      expect(bytes.includes(secret)).toBe(false)
    expect(readFileSync(join(app.home, 'recovery.json'), 'utf8')).not.toContain(recovery)
    cpSync(backup, join(app.folder, 'kept.gatehouse-backup'))
  })

  it('is not restored with a wrong passphrase', async () => {
    const wrong = await commandLine(app.home, ['backup', 'restore', backup], {
      ...env,
      GATEHOUSE_RECOVERY_PASSPHRASE: 'a wrong one',
    })
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('not opened by this passphrase') })
    expect((await integrity()).sound).toBe(true)
  })

  it('restores with what was allowed held for review, and keeps what was withdrawn or forbidden since', async () => {
    await app.ask('clients', 'revoke', 'gone')
    await app.ask('permissions', 'deny', '--client', 'editor', '--tool', 'files__look')
    const restored = await backups('restore', backup)
    expect(restored).toMatchObject({ held: 1, revoked: ['gone'], switchedOff: expect.arrayContaining(['files']) })
    await app.gone()
    await app.start()
    expect(await integrity()).toMatchObject({
      sound: true,
      held: [{ sentence: 'editor may use files__act without asking.' }],
    })
    const { clients } = (await app.ask('clients', 'list')) as { clients: { name: string; state: string }[] }
    expect(clients.find(({ name }) => name === 'gone')?.state).toBe('revoked')
    const { grants } = (await app.ask('permissions', 'list')) as { grants: { effect: string; tool: string }[] }
    expect(grants).toMatchObject([{ effect: 'deny', tool: 'files__look' }])
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true })
  })

  it('goes on with the present database when the app is killed before the restored one takes its place', async () => {
    await app.ask('permissions', 'deny', '--client', '*', '--tool', 'files__never')
    await backups('restore', backup).catch(() => {})
    await app.kill()
    await app.start()
    expect((await integrity()).sound).toBe(true)
  })

  it('does not start without its keys, and says how to go on', async () => {
    await app.stop()
    cpSync(app.home, join(app.folder, 'whole'), { recursive: true })
    for (const name of ['vault', 'vault.holder']) rmSync(join(app.home, name))
    const { code, stderr } = await app.attempt()
    expect(code).toBe(1)
    expect(stderr).toContain('--recover')
  })

  it('brings the keys back with the recovery passphrase on a page of its own; rights wait for the person', async () => {
    const page = await recoveryPage()
    expect(await page.show()).toContain('The keychain holds no keys for this data folder')
    expect(await page.show('ro')).toContain('Portcheiul nu are chei')
    expect((await fetch(new URL('/guessed', page.url))).status).toBe(404)
    expect((await page.post({ way: 'passphrase', passphrase: recovery }, 'http://evil.example')).status).toBe(404)
    expect((await page.post({ way: 'passphrase', passphrase: 'wrong' })).status).toBe(422)
    expect((await page.post({ way: 'fresh' })).status).toBe(200) // without the tick nothing happens
    expect((await page.post({ way: 'passphrase', passphrase: recovery })).status).toBe(200)
    await page.ready()
    expect((await integrity()).sound).toBe(false)
    await page.end()
  })

  it('restores a backup into a folder without keys, secrets and pairings included', async () => {
    const page = await recoveryPage(true)
    const file = join(app.folder, 'kept.gatehouse-backup')
    expect((await page.post({ way: 'backup', file, passphrase: recovery })).status).toBe(200)
    await page.ready()
    expect(readdirSync(app.home).some((name) => name.startsWith('set-aside-'))).toBe(true)
    const { clients } = JSON.parse((await app.cli('clients', 'list', '--json')).out) as { clients: { name: string }[] }
    expect(clients.map(({ name }) => name)).toContain('editor')
    await page.end()
  })

  it('begins anew, with everything of before set aside and nothing deleted', async () => {
    const page = await recoveryPage(true)
    expect((await page.post({ way: 'fresh', sure: 'yes' })).status).toBe(200)
    await page.ready()
    expect(JSON.parse((await app.cli('clients', 'list', '--json')).out)).toEqual({ clients: [] })
    const aside = readdirSync(app.home).find((name) => name.startsWith('set-aside-')) ?? ''
    expect(readdirSync(join(app.home, aside))).toEqual(
      expect.arrayContaining(['gatehouse.db', 'audit', 'data-keys.json']),
    )
    await page.end()
  })

  /** The app started with `--recover` on a folder whose keys are gone. */
  async function recoveryPage(anew = false) {
    if (anew) {
      rmSync(app.home, { recursive: true })
      cpSync(join(app.folder, 'whole'), app.home, { recursive: true })
    }
    for (const name of ['vault', 'vault.holder']) rmSync(join(app.home, name), { force: true })
    const args = [
      join(root, 'dist', 'main.js'),
      '--shell',
      'browser',
      '--no-open',
      '--recover',
      '--port',
      '0',
      '--home',
      app.home,
    ]
    const started: ChildProcess = spawn(process.execPath, args, {
      env: {
        ...cleanEnvironment(),
        GATEHOUSE_KEYCHAIN: 'file',
        GATEHOUSE_VAULT_PASSPHRASE: vaultPassphrase,
        XDG_CACHE_HOME: app.cache,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: started.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
    const lineWith = async (mark: string): Promise<string> => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error('the app ended')
        if (value.startsWith(mark)) return value
      }
    }
    const url = (await lineWith('Gatehouse needs you')).split(' ').at(-1) as string
    return {
      url,
      show: async (language = 'en') => (await fetch(url, { headers: { 'accept-language': language } })).text(),
      post: (fields: Record<string, string>, origin = new URL(url).origin) =>
        fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } }),
      ready: () => lineWith('Gatehouse is ready'),
      end: async () => {
        const ended = once(started, 'exit')
        started.kill('SIGTERM')
        await ended
      },
    }
  }
})
