import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../support/command-line.ts'
import { standInApp } from '../support/electron-stand-in/stand-in-app.ts'
import { root } from '../support/journey.ts'
import { accessibilityFaults, keepPicture } from '../support/journey-look.ts'
import { operatorPassphrase, type RunningApp, runningApp } from '../support/running-app.ts'

const recovery = 'a passphrase for bad days'
const place = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-recovery-')))
const whole = join(place, 'whole')
const own = { HOME: place, XDG_CONFIG_HOME: join(place, '.config'), XDG_CACHE_HOME: join(place, 'cache') }

type Recovered = Pick<RunningApp, 'cli' | 'end'>
let backup = ''

/** A data folder in use, with a backup, a pairing and something allowed; its keys are gone. */
function keyless(name: string): string {
  const home = join(place, name)
  cpSync(whole, home, { recursive: true })
  for (const file of ['vault', 'vault.holder']) rmSync(join(home, file), { force: true })
  return home
}
const clientsOf = async ({ cli }: Recovered) =>
  (JSON.parse((await cli('clients', 'list', '--json')).out).clients as { name: string }[]).map(({ name }) => name)

beforeAll(async () => {
  const app = await runningApp({ home: whole, env: own })
  const env = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase, GATEHOUSE_RECOVERY_PASSPHRASE: recovery }
  await app.operator('clients', 'pair', 'Editor')
  await app.operator('permissions', 'allow', '--client', 'Editor', '--tool', 'filesystem__write_file')
  await commandLine(whole, ['backup', 'passphrase'], env)
  backup = JSON.parse((await commandLine(whole, ['backup', 'create', '--json'], env)).out)
    .file.split('/')
    .at(-1)
  await app.end()
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** What a test started and, because it failed, did not end. */
const started = new Set<ChildProcess>()
afterEach(async () => {
  for (const app of started) {
    if (app.exitCode !== null || app.signalCode !== null) continue
    const ended = once(app, 'exit')
    app.kill('SIGTERM')
    await ended
  }
  started.clear()
})

describe.each(['browser', 'stand-in'] as const)('the page for an empty keychain (%s)', (shell) => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.GATEHOUSE_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    })
    page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    page.setDefaultTimeout(30_000)
  })
  afterAll(() => browser.close())

  /** The app on a folder without keys, and its page; `app` settles once it is ready. */
  async function recovering(home: string): Promise<{ app: Promise<Recovered> }> {
    const told = Promise.withResolvers<string>()
    const onLine = (line: string) =>
      line.startsWith('Gatehouse needs you') && told.resolve(line.split(' ').at(-1) ?? '')
    const onProcess = (process: ChildProcess) => void started.add(process)
    const options = { home, env: own, args: ['--recover'], onLine, onProcess }
    const app = shell === 'browser' ? runningApp(options) : standInApp(options)
    app.catch(told.reject)
    await page.goto(await told.promise)
    await page.getByRole('heading', { name: 'The keychain holds no keys for this data folder' }).waitFor()
    return { app }
  }
  const section = (title: string) => page.locator('form').filter({ has: page.getByRole('heading', { name: title }) })

  it('brings the keys back with the recovery passphrase and with no other; nothing is allowed before the person looked', async () => {
    const { app } = await recovering(keyless(`${shell}-keys`))
    await keepPicture(page, `recovery-${shell}`)
    expect(await accessibilityFaults(page)).toEqual([])
    const form = section('Bring the keys back')
    await form.getByLabel('Recovery passphrase').fill('not this one')
    await form.getByRole('button').click()
    await page.getByRole('alert').getByText('This passphrase does not bring the keys back.').waitFor()
    await form.getByLabel('Recovery passphrase').fill(recovery)
    await form.getByRole('button').click()
    await page.getByRole('status').getByText('Done.').waitFor()
    const recovered = await app
    expect(JSON.parse((await recovered.cli('integrity', 'show', '--json')).out)).toMatchObject({ sound: false })
    await recovered.end()
  })

  it('restores the newest backup, which it names by itself', async () => {
    const home = keyless(`${shell}-backup`)
    const { app } = await recovering(home)
    const form = section('Restore a backup')
    expect(await form.getByLabel('Backup file').inputValue()).toBe(backup)
    await form.getByLabel('Recovery passphrase').fill(recovery)
    await form.getByRole('button').click()
    await page.getByRole('status').waitFor()
    const recovered = await app
    expect(await clientsOf(recovered)).toEqual(['Editor'])
    expect(readdirSync(home).some((name) => name.startsWith('set-aside-'))).toBe(true)
    await recovered.end()
  })

  it('begins anew only where the person ticked that they are sure', async () => {
    const { app } = await recovering(keyless(`${shell}-fresh`))
    const form = section('Begin anew')
    await form.getByRole('button').click()
    await form.getByRole('checkbox').check()
    await form.getByRole('button').click()
    await page.getByRole('status').waitFor()
    const recovered = await app
    expect(await clientsOf(recovered)).toEqual([])
    await recovered.end()
  })
})

describe.runIf(process.platform === 'linux')('an empty keychain on a terminal', () => {
  /** Starts the app on a terminal of its own. @returns what types, and what waits for it to print something */
  function onTerminal(home: string) {
    const words = [process.execPath, join(root, 'dist', 'main.js'), '--shell', 'browser', '--no-open', '--port', '0']
    const command = [...words, '--home', home].map((word) => `'${word}'`).join(' ')
    const terminal: ChildProcess = spawn('script', ['-qefc', command, '/dev/null'], {
      env: {
        PATH: process.env.PATH,
        ...own,
        GATEHOUSE_KEYCHAIN: 'file',
        GATEHOUSE_VAULT_PASSPHRASE: 'a vault for tests',
        GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    started.add(terminal)
    let printed = ''
    let read = 0
    terminal.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    return {
      /** Of what was printed since the last that was waited for. */
      says: (text: string) =>
        expect
          .poll(
            () => {
              const at = printed.indexOf(text, read)
              if (at >= 0) read = at + text.length
              return at >= 0
            },
            { timeout: 30_000, message: `“${text}” on the terminal` },
          )
          .toBe(true),
      types: (text: string) => void terminal.stdin?.write(`${text}\n`),
      printed: () => printed,
      ended: async () => (terminal.exitCode === null ? (await once(terminal, 'exit'))[0] : terminal.exitCode),
      end: async () => {
        terminal.stdin?.write('\u0003')
        if (terminal.exitCode === null) await once(terminal, 'exit')
      },
    }
  }

  it('asks for the recovery passphrase, unseen, again after a wrong one, and goes on', async () => {
    const terminal = onTerminal(keyless('terminal-keys'))
    await terminal.says('The keychain holds no keys for this data folder')
    await terminal.says('[Enter] leave: ')
    terminal.types('p')
    await terminal.says('Recovery passphrase: ')
    terminal.types('not this one')
    await terminal.says('This passphrase does not bring the keys back.')
    await terminal.says('[Enter] leave: ')
    terminal.types('p')
    await terminal.says('Recovery passphrase: ')
    terminal.types(recovery)
    await terminal.says('Gatehouse is ready')
    expect(terminal.printed()).not.toContain(recovery)
    expect(terminal.printed()).not.toContain('not this one')
    await terminal.end()
  })

  it('restores a backup by its name', async () => {
    const home = keyless('terminal-backup')
    const terminal = onTerminal(home)
    await terminal.says('[Enter] leave: ')
    terminal.types('b')
    await terminal.says(`Backup file (${backup})`)
    terminal.types(backup)
    await terminal.says('Recovery passphrase: ')
    terminal.types(recovery)
    await terminal.says('Gatehouse is ready')
    expect((await commandLine(home, ['clients', 'list', '--json'])).out).toContain('"Editor"')
    await terminal.end()
  })

  it('changes nothing where the person leaves', async () => {
    const home = keyless('terminal-left')
    const kept = ['data-keys.json', 'recovery.json'].map((name) => join(home, name))
    const before = kept.map((file) => readFileSync(file, 'utf8'))
    const terminal = onTerminal(home)
    await terminal.says('[Enter] leave: ')
    terminal.types('')
    expect(await terminal.ended()).toBe(1)
    expect(kept.map((file) => readFileSync(file, 'utf8'))).toEqual(before)
    expect(readdirSync(home).some((name) => name.startsWith('set-aside-'))).toBe(false)
  })
})
