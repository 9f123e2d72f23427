import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

/** Code of the same user that puts the whole data folder back, vault file and all; a system keychain remembers a number. */
describe.runIf(platform() === 'linux')('an older copy of the whole data folder, with its vault', () => {
  let app: GatehouseApp
  let editor: RawBridge
  let bus: ChildProcess
  let keyring: Record<string, string>
  const copy = () => join(app.folder, 'older')

  beforeAll(async () => {
    app = new GatehouseApp()
    ;({ bus, env: keyring } = await aKeyring(join(app.folder, 'keyring')))
    await app.start({ env: keyring })
    await app.addRecorder('files', '--trust')
    editor = await app.client('editor')
    await app.ask('permissions', 'allow', '--client', 'editor', '--tool', 'files__act')
    expect(said(await editor.call('files__act', { what: 'before' }))).toBe('done')
    await app.stop()
    cpSync(app.home, copy(), { recursive: true })
    await app.start({ env: keyring })
    await app.ask('permissions', 'deny', '--client', 'editor', '--tool', 'files__act')
    await app.stop()
  })
  afterAll(async () => {
    await app.end()
    bus.kill()
  })

  function putBack(): void {
    rmSync(app.home, { recursive: true })
    cpSync(copy(), app.home, { recursive: true })
  }
  const keychainFinding = async () => {
    const { findings } = JSON.parse((await app.cli('doctor', '--json')).out) as {
      findings: { id: string; state: string; finding: string }[]
    }
    return findings.find(({ id }) => id === 'keychain')
  }

  it('is found, also after another start: nothing reaches a server, and the record says so', async () => {
    putBack()
    for (const _ of [1, 2]) {
      await app.start({ env: keyring })
      const before = app.reached('files').length
      expect(said(await editor.call('files__act', { what: 'undo' }))).toContain('records changed by someone else')
      expect(app.reached('files')).toHaveLength(before)
      const { sound, findings } = JSON.parse((await app.cli('integrity', 'show', '--json')).out)
      expect({ sound, findings }).toMatchObject({
        sound: false,
        findings: [{ table: 'vault', sentence: expect.stringContaining('an older copy was put in its place') }],
      })
      const { out } = await app.cli('audit', 'list', '--text', 'outside', '--json')
      expect(JSON.parse(out).entries[0]).toMatchObject({ action: 'integrity.fault', severity: 'critical' })
      await app.stop()
    }
  })

  it('goes on by the person’s word, with what it allowed held for review', async () => {
    await app.start({ env: keyring })
    expect(await app.ask('integrity', 'accept')).toMatchObject({ held: 1 })
    await app.gone()
    await app.start({ env: keyring })
    expect(await app.ask('integrity', 'show')).toMatchObject({ sound: true })
    expect(await keychainFinding()).toMatchObject({ state: 'ok' })
    await app.stop()
  })

  it('cannot be found without a keychain, and the doctor says so', async () => {
    await app.start()
    expect(await keychainFinding()).toMatchObject({ state: 'warning', finding: expect.stringContaining('older copy') })
    await app.stop()
  })
})

/** A session bus with an unlocked keyring of its own. */
async function aKeyring(folder: string): Promise<{ bus: ChildProcess; env: Record<string, string> }> {
  for (const name of ['', 'runtime', 'data']) mkdirSync(join(folder, name), { mode: 0o700, recursive: true })
  const env = { XDG_RUNTIME_DIR: join(folder, 'runtime'), XDG_DATA_HOME: join(folder, 'data') }
  const path = { PATH: process.env.PATH ?? '', HOME: folder }
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: { ...path, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string]
  const session = { ...env, DBUS_SESSION_BUS_ADDRESS: address }
  await promisify(execFile)(
    'sh',
    ['-c', 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null'],
    { env: { ...path, ...session } },
  )
  return { bus, env: session }
}
