import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChangingServer } from '../support/changing-server.ts'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { NpmRegistry } from '../support/npm-registry.ts'
import type { RawBridge } from '../support/raw-bridge.ts'

/** The app, npm and a registry of this computer: what is newer is told, looked into, taken, and put back where it is no good. */
describe.runIf(process.platform === 'linux')('a newer version of a package', () => {
  let registry: NpmRegistry
  let app: GatehouseApp
  let editor: RawBridge
  let server: ChangingServer

  const main = { bin: { tiny: 'server.js' } }
  const publish = (version: string, change: { description?: string; tool?: string; code?: string } = {}, more = {}) => {
    server.write(change.description ?? 'Adds two numbers.', change.tool ?? 'add', change.code ?? '')
    registry.publish('tiny', version, { 'server.js': readFileSync(server.file, 'utf8') }, { ...main, ...more })
  }
  const call = async () => {
    const { result, error } = (await editor.call('tiny__add', {})) as unknown as {
      result?: { content: { text: string }[] }
      error?: { message: string }
    }
    return error?.message ?? result?.content[0]?.text ?? ''
  }
  const installed = () => JSON.parse(readFileSync(join(app.home, 'packages/tiny/package-lock.json'), 'utf8'))
  const version = () => installed().packages['node_modules/tiny'].version
  const card = async () =>
    (await app.ask('servers', 'inspect', 'tiny')) as { cell: object; state: string; tools: number }
  const update = (...options: string[]) => app.operator('cells', 'update', 'tiny', ...options)

  beforeAll(async () => {
    registry = await NpmRegistry.start()
    app = new GatehouseApp()
    const home = join(app.folder, 'person')
    mkdirSync(home)
    writeFileSync(join(home, '.npmrc'), `registry=${registry.url}\n`)
    server = new ChangingServer(join(app.folder, 'made'))
    publish('1.0.0')
    await app.start({ env: { HOME: home } })
    const words = ['servers', 'add', 'tiny', '--yes', '--trust', '--sandbox', '0']
    await app.ask(...words, '--', 'npx', '-y', 'tiny@1.0.0')
    editor = await app.client('editor')
  })
  afterAll(async () => {
    await app.end()
    await registry.stop()
  })

  it('is told of by “cells updates” once there is one, and nothing is fetched by it', async () => {
    expect(await app.operator('cells', 'updates')).toMatchObject({ code: 0, out: 'Everything is up to date.\n' })
    publish('1.1.0', { description: 'Adds numbers.' }, { dependencies: { 'tiny-part': '^2.0.0' } })
    registry.publish('tiny-part', '2.3.0', { 'index.js': 'exports.part = 1' })
    registry.asked.length = 0
    const told = await app.operator('cells', 'updates')
    expect([told.code, told.out]).toEqual([0, 'tiny: 1.0.0 → 1.1.0  (gatehouse cells update tiny)\n'])
    expect(registry.asked).toEqual(['/tiny'])
    expect((await card()).cell).toMatchObject({ status: 'active', update: '1.1.0' })
    expect(await call()).toBe('done')
  })

  it('is shown, and neither run nor used, as long as nobody agrees', async () => {
    const before = server.did.length
    const shown = await update()
    expect([shown.code, shown.err]).toEqual([2, expect.stringContaining('Nothing was changed')])
    expect(shown.out).toMatch(/changed {2}node_modules\/tiny\/server\.js/)
    expect(shown.out).toMatch(/package {2}tiny 1\.0\.0 → 1\.1\.0/)
    expect(shown.out).toMatch(/package {2}tiny-part 2\.3\.0 \(new\)/)
    expect(server.did.length).toBe(before)
    expect([version(), await call()]).toEqual(['1.0.0', 'done'])
  })

  it('is used once the person agrees, and what it offers in other words is held back', async () => {
    const taken = await update('--yes')
    expect([taken.code, taken.out]).toEqual([0, expect.stringContaining('tiny is now version 1.1.0')])
    expect(taken.out).toMatch(/1 held back/)
    expect(version()).toBe('1.1.0')
    expect((await card()).cell).toEqual({ status: 'active' })
    expect(await call()).toMatch(/review|held back/i)
    await app.ask('servers', 'review', 'tiny', '--accept')
    expect(await call()).toBe('done')
    expect(await app.operator('cells', 'updates')).toMatchObject({ out: 'Everything is up to date.\n' })
    expect(await update('--yes')).toMatchObject({ err: expect.stringContaining('up to date') })
    expect(readdirSync(join(app.home, 'packages'))).toEqual(['tiny'])
    const { entries } = (await app.ask('audit', 'list', '--limit', '50')) as { entries: { action: string }[] }
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['cell.take-update', 'cell.active']))
  })

  it('that does not start is put back, and the former one goes on', async () => {
    publish('1.2.0', { description: 'Adds numbers.', code: 'process.exit(3)' })
    const refused = await update('--yes')
    expect(refused.code).not.toBe(0)
    expect([version(), (await card()).cell]).toEqual(['1.1.0', { status: 'active', update: '1.2.0' }])
    expect(await call()).toBe('done')
    expect(readdirSync(join(app.home, 'packages'))).toEqual(['tiny'])
  })

  it('with something grave in its code is not started without another word', async () => {
    const code = `if (false) eval(Buffer.from('MQ==', 'base64').toString())`
    publish('1.3.0', { description: 'Adds numbers.', code })
    const before = server.did.length
    const refused = await update('--yes')
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('--accept-findings')])
    expect(server.did.slice(before)).toEqual(['start']) // the former one, listed anew
    expect([version(), await call()]).toEqual(['1.1.0', 'done'])
    expect(await update('--yes', '--accept-findings')).toMatchObject({ code: 0 })
    expect([version(), await call()]).toEqual(['1.3.0', 'done'])
  })

  it('is put back when the app was killed while it was tried out', async () => {
    publish('1.4.0', { description: 'Adds numbers.', code: 'setTimeout(() => {}, 1e6); process.stdin.pause(); return' })
    const before = server.did.length
    const hanging = update('--yes')
    await expect.poll(() => server.did.length, { timeout: 30_000 }).toBeGreaterThan(before)
    expect(version()).toBe('1.4.0')
    await app.kill()
    await hanging
    await app.endBridges()
    await app.start({ env: { HOME: join(app.folder, 'person') } })
    expect([version(), readdirSync(join(app.home, 'packages'))]).toEqual(['1.3.0', ['tiny']])
    editor = await app.bridge('editor').introduce()
    expect(await call()).toBe('done')
    expect((await card()).cell).toMatchObject({ status: 'active' })
  })
})
