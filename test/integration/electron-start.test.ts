import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type StandInApp,
  type StandInOptions,
  standInApp,
  standInStart,
} from '../support/electron-stand-in/stand-in-app.ts'
import { RawBridge } from '../support/raw-bridge.ts'

interface ApiWindow {
  readonly gatehouse: { call(channel: string, input?: unknown): Promise<Record<string, unknown>> }
}

let home: string
let files: string
let app: StandInApp | undefined
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-electron-start-'))
  files = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-files-')))
})
afterEach(async () => {
  await app?.end()
  app = undefined
  for (const folder of [home, files]) await rm(folder, { recursive: true, force: true })
})

async function start(options: StandInOptions = {}): Promise<StandInApp> {
  app = await standInApp({ ...options, home })
  return app
}

/** Every process the app started, and theirs; Chromium's belong to the stand-in. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = /^PPid:\s*(\d+)/m.exec(statusOf(name))?.[1]
      return parent ? [[Number(name), Number(parent)] as const] : []
    })
  const found = [pid]
  for (const one of found) found.push(...parents.filter(([, parent]) => parent === one).map(([child]) => child))
  return found.slice(1).filter((one) => !/chrom/.test(readlinkOf(one)))
}
function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
function readlinkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    return ''
  }
}
const lives = (pid: number) => /^State:\s*[^ZX]/m.test(statusOf(String(pid)))

describe('starting with a debugger', () => {
  it.each([
    ['--inspect', { execArgv: ['--inspect=127.0.0.1:0'] }],
    ['--inspect-port', { execArgv: ['--inspect-port=0'] }],
    ['--remote-debugging-port', { args: ['--remote-debugging-port=0'] }],
    ['--remote-debugging-pipe', { args: ['--remote-debugging-pipe'] }],
    ['--js-flags', { args: ['--js-flags=--expose-gc'] }],
    ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } }],
    ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--require node:fs' } }],
  ])('is refused by name for %s', async (name, options) => {
    const { code, out, err } = await standInStart({ ...options, home })
    expect(code).toBe(1)
    expect(err).toContain(name)
    expect(out).not.toContain('ready')
    expect(existsSync(join(home, 'gatehouse.db'))).toBe(false)
  })
})

describe('starting', () => {
  it('hidden shows only the tray, until the tray is clicked', async () => {
    const { state, do: act } = await start({ args: ['--hidden'] })
    expect((await state()).windows).toEqual([])
    expect((await state()).trays).toHaveLength(1)
    await act('clickTray')
    await expect.poll(async () => (await state()).windows.map(({ visible }) => visible)).toEqual([true])
  })

  it('with a link opens the screen it names', async () => {
    const { state } = await start({ args: ['gatehouse://audit'] })
    expect((await state()).windows.map(({ url }) => url)).toEqual(['app://gatehouse/#/audit'])
  })

  it('keeps what Chromium stores in the data folder, for this user only', async () => {
    await start({ args: ['--hidden'] })
    expect(existsSync(join(home, 'window'))).toBe(true)
  })

  it('at sign-in is switched on and off by the window', async () => {
    const config = join(files, 'config')
    const started = await start({ env: { XDG_CONFIG_HOME: config } })
    const page = await started.window()
    const call = (channel: string) =>
      page.evaluate((name) => (window as unknown as ApiWindow).gatehouse.call(name), channel)
    await call('system.finishFirstRun')
    await page.reload()
    await page.getByRole('link', { name: 'Settings' }).click()
    const choice = page.getByRole('checkbox', { name: 'Start when I sign in' })
    expect(await choice.isChecked()).toBe(false)
    await choice.click()
    await expect.poll(() => choice.isChecked()).toBe(true)
    expect(readFileSync(join(config, 'autostart', 'gatehouse.desktop'), 'utf8')).toContain(' --hidden\n')
    await choice.click()
    await expect.poll(() => choice.isChecked()).toBe(false)
    expect(existsSync(join(config, 'autostart', 'gatehouse.desktop'))).toBe(false)
  })

  it('on a port that is taken says so and leaves nothing behind that hinders the next start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const failed = await standInStart({ home, args: ['--port', String(port)] })
    expect(failed.code).toBe(1)
    expect(failed.err).toContain(String(port))
    taken.close()
    await start({ args: ['--hidden'] })
    expect((await (app as StandInApp).cli('status')).code).toBe(0)
  })
})

describe('quitting', () => {
  it.each([
    ['from the tray', (running: StandInApp) => running.do('trayMenu', { label: 'Quit Gatehouse' })],
    ['by a signal', async (running: StandInApp) => running.process.kill('SIGTERM')],
    ['as the system shuts down', (running: StandInApp) => running.do('shutdown')],
    ['by the command line', (running: StandInApp) => running.operator('stop')],
  ])('%s ends every process and answers no question', async (_how, quit) => {
    const running = await start()
    await running.operator('servers', 'set', 'filesystem', '--allow-path', files)
    await running.operator('clients', 'pair', 'editor')
    const bridge = new RawBridge(home, 'editor')
    await bridge.introduce()
    await bridge.call('filesystem__list_directory', { path: files })
    bridge.send('tools/call', { name: 'filesystem__create_directory', arguments: { path: join(files, 'new') } })
    await expect.poll(async () => (await running.state()).badge, { timeout: 20_000 }).toBe(1)
    const children = descendants(running.pid)
    expect(children.length).toBeGreaterThan(2)
    const ended = once(running.process, 'exit')
    await quit(running)
    expect(await ended).toEqual([0, null])
    await expect.poll(() => children.filter(lives)).toEqual([])
    expect(existsSync(join(home, 'run', 'endpoint.json'))).toBe(false)
    bridge.kill()

    const again = await start({ args: ['--hidden'] })
    const { badge, notifications, windows } = await again.state()
    expect(badge).toBe(1)
    expect(notifications).toHaveLength(1)
    expect(windows.map(({ title, focused }) => [title, focused])).toEqual([['Gatehouse asks', false]])
    expect((await again.cli('audit', 'verify')).code).toBe(0)
  })
})
