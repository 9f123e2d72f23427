import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

const badServers = join(import.meta.dirname, '..', 'support', 'bad-servers')
const isRoot = process.getuid?.() === 0
const nobody = 65_534

let app: GatehouseApp
afterEach(async () => {
  if (current) await current.end()
  current = undefined
})
/** An app of one test only. */
let current: GatehouseApp | undefined
function anApp(...options: ConstructorParameters<typeof GatehouseApp>): GatehouseApp {
  current = new GatehouseApp(...options)
  return current
}

describe('server commands that are none', () => {
  let editor: RawBridge
  beforeAll(async () => {
    app = await GatehouseApp.start({ env: { GATEHOUSE_SERVERS__START_SECONDS: '2' } })
    await app.addRecorder('good', '--trust')
    editor = await app.client('editor')
  })
  afterAll(() => app.end())

  const add = (name: string, ...command: string[]) =>
    app.operator('servers', 'add', name, '--yes', '--trust', '--sandbox', '0', '--', ...command)
  const expectGoodServes = async () => expect(said(await editor.call('good__act'))).toBe('done')

  it.each([
    [
      'does not exist',
      '/no/such/program',
      [],
      /\/no\/such\/program.*(not found|no program|does not exist|cannot be found)/i,
    ],
    ['is not on the PATH', 'no-such-program', [], /no-such-program/],
    ['exits at once', process.execPath, ['exits-at-once.js'], /exit|ended|stopped/i],
    ['prints garbage', process.execPath, ['garbage.js'], /JSON|speak|MCP/i],
    ['never answers', process.execPath, ['never-answers.js'], /answer/i],
  ])(
    'says what is wrong with a command that %s, keeps no half server, and serves the others',
    async (_, program, files, sentence) => {
      const added = await add('bad', program, ...files.map((file) => join(badServers, file)))
      const problem = added.code === 0 ? said(await editor.call('bad__anything')) : added.err
      expect(problem).toMatch(sentence)
      expect(problem).not.toMatch(/\n\s+at /)
      await expectGoodServes()
      const { servers } = await app.ask('servers', 'list')
      const bad = (servers as { name: string; state: string; problem?: string }[]).find(({ name }) => name === 'bad')
      if (bad) expect(bad.problem).toMatch(sentence)
      await app.operator('servers', 'remove', 'bad')
    },
  )

  it('lets a server write to its error stream without end, and keeps the last of it', async () => {
    expect((await add('loud', process.execPath, join(badServers, 'moody.js'))).code).toBe(0)
    const flood = editor.call('loud__flood')
    await expectGoodServes()
    expect(said(await flood)).toBe('flooded')
    const { lines } = await app.ask('servers', 'logs', 'loud', '--lines', '5')
    expect(lines).toHaveLength(5)
    expect((lines as string[]).at(-1)).toContain('line 19999')
  })

  it('answers a call whose server crashes, and starts the server again for the next one', async () => {
    expect(said(await editor.call('loud__crash'))).toContain('stopped unexpectedly')
    await waitUntil(async () => /^\d+$/.test(said(await editor.call('loud__pid'))))
    await expectGoodServes()
  })
})

describe('a port that is in use', () => {
  it('is named with what to do, and leaves the folder free for the next start', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const { code, stderr } = await anApp().attempt({ port })
    expect(code).toBe(1)
    expect(stderr).toContain(`Port ${port} is used by another program`)
    expect(stderr).toContain('--port 0')
    holder.close()
    await once(holder, 'close')
    await current?.start({ port })
    expect((await current?.cli('status'))?.code).toBe(0)
  })
})

describe.runIf(process.platform === 'linux')('a keychain that cannot be used', () => {
  const inSession = (start: string) => [
    'dbus-run-session',
    '--',
    'sh',
    '-c',
    `${start} >/dev/null 2>&1; exec "$@"`,
    'sh',
  ]
  const unlocked = inSession('printf password | gnome-keyring-daemon --unlock --components=secrets')
  const locked = inSession('gnome-keyring-daemon --start --components=secrets')

  it('that is locked keeps the app from starting, says so, and loses nothing', async () => {
    const own = anApp()
    const env = {
      GATEHOUSE_KEYCHAIN: undefined,
      GATEHOUSE_VAULT_PASSPHRASE: undefined,
      HOME: own.folder,
      XDG_DATA_HOME: join(own.folder, 'data'),
      XDG_RUNTIME_DIR: own.cache,
      DBUS_SESSION_BUS_ADDRESS: undefined,
    }
    await own.start({ env, launcher: unlocked })
    await own.ask('clients', 'pair', 'editor')
    await stopInSession(own)
    const { code, stderr } = await own.attempt({ env, launcher: locked })
    expect(code).toBe(1)
    expect(stderr).toMatch(/No place to keep keys could be opened: .*\. .*[Uu]nlock/)
    await own.start({ env, launcher: unlocked })
    expect(await own.ask('clients', 'list')).toMatchObject({ clients: [{ name: 'editor', state: 'paired' }] })
    await stopInSession(own)
  })

  it('that is absent keeps the app from starting, and names the vault file as the way', async () => {
    const { code, stderr } = await anApp().attempt({
      env: {
        GATEHOUSE_KEYCHAIN: undefined,
        GATEHOUSE_VAULT_PASSPHRASE: undefined,
        DBUS_SESSION_BUS_ADDRESS: undefined,
      },
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/No place to keep keys could be opened/)
    expect(stderr).toContain('GATEHOUSE_KEYCHAIN=file')
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  /** The session ends with the app, and its bus and keyring with it. */
  async function stopInSession(own: GatehouseApp): Promise<void> {
    await own.ask('stop')
    await own.gone()
  }
})

describe.runIf(process.platform === 'linux' && isRoot)('a data folder that cannot be written', () => {
  it('because it is read-only for an ordinary user is said with its path', async () => {
    const own = anApp()
    for (const folder of [own.folder, own.cache, own.home]) chownSync(folder, nobody, nobody)
    const launcher = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--']
    const env = { HOME: own.cache }
    await own.start({ launcher, env })
    await own.ask('clients', 'pair', 'editor')
    await own.stop()
    const folders = ['', ...readdirSync(own.home).filter((name) => ['audit', 'run', 'clients'].includes(name))]
    for (const folder of folders) chmodSync(join(own.home, folder), 0o500)
    const { code, stderr } = await own.attempt({ launcher, env })
    expect(code).toBe(1)
    expect(stderr).toContain(`Gatehouse cannot write to its data folder ${own.home}`)
    expect(stderr).not.toMatch(/\n\s+at /)
    for (const folder of folders) chmodSync(join(own.home, folder), 0o700)
    await own.start({ launcher, env })
    expect(await own.ask('clients', 'list')).toMatchObject({ clients: [{ name: 'editor', state: 'paired' }] })
  })

  it('because the disk is full refuses calls with a remedy, and goes on when there is room again', async () => {
    const own = anApp()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', own.home])
    try {
      await own.start()
      await own.addRecorder('good', '--trust')
      const editor = await own.client('editor')
      expect(said(await editor.call('good__act', { n: 0 }))).toBe('done')
      const filler = join(own.home, 'filler')
      fill(own.home, filler)
      let answer = 'done'
      for (let n = 1; n < 100 && !answer.includes('so none are made'); n++) {
        answer = said(await editor.call('good__act', { n, text: 'x'.repeat(100_000) }))
        expect(answer).toMatch(/^done$|so none are made|may or may not have had an effect/)
      }
      const reached = own.reached('good').length
      let passed = 0 // a small entry may still fit until the disk is looked at again; it is recorded then
      await waitUntil(async () => {
        const refused = said(await editor.call('good__act', { n: -1 })).includes('so none are made')
        if (!refused) passed += 1
        return refused
      })
      expect(own.reached('good').length - reached).toBe(passed)
      const before = own.reached('good').length
      expect(said(await editor.call('good__act', { n: -1 }))).toContain(
        'cannot record calls right now, so none are made',
      )
      expect(own.reached('good')).toHaveLength(before)
      const { findings } = JSON.parse((await own.cli('doctor', '--json')).out)
      expect(JSON.stringify(findings)).toMatch(/disk|space|audit/i)
      rmSync(filler)
      await waitUntil(async () => said(await editor.call('good__act', { n: -2 })) === 'done')
      expect(await own.ask('audit', 'verify')).toMatchObject({ valid: true })

      await own.stop()
      fill(own.home, filler)
      const again = await own.attempt()
      if (again.code !== undefined)
        expect(again.stderr).toMatch(/cannot write|could not be written|audit log cannot be written/)
      expect(again.stderr).not.toMatch(/\n\s+at /)
      await own.stop()
      rmSync(filler)
      await own.start()
      expect(await own.ask('audit', 'verify')).toMatchObject({ valid: true })
    } finally {
      await own.endBridges()
      await own.kill()
      execFileSync('umount', ['-l', own.home])
      mkdirSync(own.home, { recursive: true })
    }
  })

  it('because it is on a read-only disk is said with its path', async () => {
    const own = anApp()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,mode=700', 'tmpfs', own.home])
    try {
      const { code, stderr } = await own.attempt()
      expect(code).toBe(1)
      expect(stderr).toContain(`cannot write to its data folder ${own.home}`)
      expect(stderr).toContain('read-only')
    } finally {
      execFileSync('umount', ['-l', own.home])
    }
  })
})

/** Takes every free block of a small disk. */
function fill(folder: string, file: string): void {
  for (let size = statfsSync(folder).bavail * statfsSync(folder).bsize; size > 4096; size = Math.floor(size / 2)) {
    try {
      writeFileSync(file, Buffer.alloc(size), { flag: 'a' })
    } catch {
      // a smaller piece may still fit
    }
  }
}

/** The free space is looked at once a second. */
async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 200) throw new Error('it does not come to hold')
    await new Promise((done) => setTimeout(done, 50))
  }
}
