import { type ChildProcess, spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { homedir, networkInterfaces, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { SandboxLevel } from '../../shared/domain/server.ts'

type Outcome = 'reached' | 'refused'
interface Attempt {
  readonly name: string
  readonly outcome: Outcome
  readonly detail: string
}

/** What is reached besides the controls, and at which levels. Everything else is refused at every level. */
const reachedAt: Readonly<Record<string, readonly SandboxLevel[]>> = {
  'control: read an allowed file': [1, 2, 3, 4],
  'control: write into an allowed folder': [1, 2, 3, 4],
  'control: write into its own temp folder': [1, 2, 3, 4],
  'control: write into its own home': [1, 2, 3, 4],
  'control: its own declared secret': [1, 2, 3, 4],
  // Its view of a home: at level 1 without hidden entries, from 2 on just the way to the allowed folders.
  'home: list': [1, 2, 3, 4],
  'home: a visible document': [1],
  // a checkout inside the system's temp folder is hidden with it
  'system: another project': resolve('package.json').startsWith(tmpdir()) ? [] : [1],
  'proxy: the named host': [1, 2],
  'proxy: another public host': [1],
  'process: start a program': [1, 2],
}

const namedHost = 'registry.npmjs.org'
const otherHost = 'deb.debian.org'
const probe = resolve('test/support/probe-server/probe-server.js')
const marker = `gatehouse-app-${process.pid}`
const parentSecret = 'the-app-keeps-this'

describe.runIf(process.platform === 'linux')('the probe server', () => {
  const base = mkdtempSync(join(homedir(), 'gatehouse-probe-'))
  const home = join(base, 'home')
  const dataFolder = join(home, '.config/gatehouse')
  const serverTemp = join(home, '.cache/gatehouse/servers')
  const systemTempFile = join(tmpdir(), `${marker}.txt`)
  const listening: Server[] = []
  const sandbox = new SystemSandbox({
    dataFolder,
    serverTemp,
    home,
    env: { ...process.env, GATEHOUSE_VAULT_PASSPHRASE: parentSecret },
  })
  let places: Record<string, unknown> = {}
  let app: ChildProcess
  const hits: string[] = []

  const put = (file: string, text = 'canary') => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const listen = async (server: Server, where: string | { host: string; port: number }, name: string) => {
    server.on('connection', () => hits.push(name))
    listening.push(server)
    await new Promise<void>((done) => server.listen(where as never, done))
    return server.address()
  }

  beforeAll(async () => {
    for (const file of [
      '.ssh/id_ed25519',
      '.ssh/authorized_keys',
      '.aws/credentials',
      '.bash_history',
      '.npmrc',
      '.bashrc',
    ])
      put(join(home, file))
    for (const file of ['.mozilla/firefox/p/cookies.sqlite', '.config/other-app/token.json', 'Documents/letter.txt'])
      put(join(home, file))
    for (const file of [
      '.local/share/keyrings/login.keyring',
      'allowed/note.txt',
      'allowed/over/note.txt',
      'lent/note.txt',
      'read-only/note.txt',
    ])
      put(join(home, file))
    for (const file of ['gatehouse.db', 'clients/editor.json', 'packages/other/index.js', 'config.yaml'])
      put(join(dataFolder, file))
    put(join(serverTemp, 'personal/other/run-shared/tmp/secret.txt'))
    put(systemTempFile)
    symlinkSync(join(home, '.ssh/id_ed25519'), join(home, 'allowed/link-to-key'))
    const bus = join(base, 'bus')
    const socket = join(base, 'kernel.sock')
    await listen(createServer(), bus, 'bus')
    await listen(createServer(), socket, 'kernel socket')
    await listen(createServer(), `\0${marker}`, 'abstract')
    const http = createHttp((_request, response) => response.end('Gatehouse'))
    const { port } = (await listen(http, { host: '127.0.0.1', port: 0 }, 'http')) as AddressInfo
    await listen(createServer(), { host: '::1', port }, 'http by IPv6').catch(() => {})
    app = spawn(process.execPath, ['-e', `setInterval(()=>{},1e3)//${marker}`], { env: { SECRET: parentSecret } })
    await once(app, 'spawn')
    const hostAddress = Object.values(networkInterfaces())
      .flat()
      .find((one) => one && !one.internal && one.family === 'IPv4')
    places = {
      home,
      dataFolder,
      socket,
      bus,
      marker,
      parentSecret,
      systemTempFile,
      namedHost,
      otherHost,
      allowed: join(home, 'allowed'),
      readOnly: join(home, 'read-only'),
      otherTemp: join(serverTemp, 'personal/other/run-shared/tmp'),
      httpPort: port,
      abstract: marker,
      ownSecret: 'declared',
      appPid: app.pid,
      project: resolve('package.json'),
      disk:
        readdirSync('/dev')
          .filter((name) => /^(vd|sd|nvme|xvd|loop)/.test(name))
          .map((name) => `/dev/${name}`)[0] ?? '/dev/mem',
      publicAddress: (await lookup(namedHost).catch(() => ({ address: '203.0.113.1' }))).address,
      hostAddress: hostAddress?.address ?? '10.0.0.1',
    }
  })

  afterAll(async () => {
    app?.kill('SIGKILL')
    for (const server of listening) server.close()
    await sandbox.stop()
    rmSync(base, { recursive: true, force: true })
    rmSync(systemTempFile, { force: true })
  })

  async function attemptsAt(level: SandboxLevel): Promise<Attempt[]> {
    const confinement = await sandbox.confine({
      server: {
        name: 'probe' as ServerName,
        workspace: defaultWorkspace,
        origin: { kind: 'command', command: 'node', args: [] },
        sandbox: level,
        allowedPaths: [
          { path: join(home, 'allowed'), access: 'write' },
          { path: join(home, 'read-only'), access: ['list', 'read'] },
          { path: join(home, 'allowed/over'), access: 'write', until: 1 as EpochMs },
          { path: join(home, 'lent'), access: 'read', ended: true },
          { path: join(home, 'gone'), access: 'write', ended: true },
        ],
        // The local ones are named to show that naming does not help.
        allowedHosts: [namedHost, 'localhost', `127.0.0.1:${places.httpPort}`, 'metadata.google.internal'],
        env: {},
        secretNames: ['OWN_SECRET'],
        trusted: false,
        shared: false,
        enabled: true,
        addedAt: 0 as EpochMs,
      },
      executable: process.execPath,
      args: [probe, JSON.stringify(places)],
      readable: [],
      secrets: { OWN_SECRET: 'declared' },
      instance: 'test',
    })
    const [executable = '', ...args] = confinement.argv
    const child = spawn(executable, args, {
      env: confinement.env,
      cwd: confinement.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let complaint = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      complaint += chunk
    })
    await once(child, 'close')
    await confinement.release()
    if (!out) throw new Error(complaint)
    return JSON.parse(out)
  }

  it.each([1, 2, 3, 4] as const)('reaches at level %i exactly what the table says', async (level) => {
    hits.length = 0
    const attempts = await attemptsAt(level)
    expect(attempts.length).toBeGreaterThan(60)
    const expected = attempts.map(({ name }) => [name, reachedAt[name]?.includes(level) ? 'reached' : 'refused'])
    const found = attempts.map(({ name, outcome }) => [name, outcome])
    expect(found, JSON.stringify(attempts, null, 1)).toEqual(expected)
    expect(hits).toEqual([])
    if (level >= 3) {
      const beyondControls = attempts.filter(({ name }) => !name.startsWith('control:') && name !== 'home: list')
      expect(beyondControls.filter(({ outcome }) => outcome === 'reached')).toEqual([])
    }
  })

  it('sees in a home only what its level lays open', async () => {
    const seen = async (level: SandboxLevel) =>
      (await attemptsAt(level)).find(({ name }) => name === 'home: list')?.detail
    // A folder that only leads to Gatehouse's own, empty and read-only, carries no more than its name.
    expect(await seen(1)).toBe('listed .cache .config Documents allowed lent read-only')
    expect(await seen(3)).toBe('listed .cache .config allowed read-only')
    expect(await seen(4)).toBe('listed .cache .config allowed read-only')
  })

  it('changes nothing at level 4, and leaves nothing of itself', async () => {
    const all = () => readdirSync(home, { recursive: true }).sort()
    rmSync(join(home, 'allowed/new.txt'), { force: true })
    const before = all()
    const attempts = await attemptsAt(4)
    expect(attempts.find(({ name }) => name === 'control: write into an allowed folder')?.outcome).toBe('reached')
    expect(all()).toEqual(before)
    await attemptsAt(3)
    expect(all()).not.toEqual(before)
  })

  it('leaves the canaries as they were', () => {
    expect(readFileSync(join(home, '.ssh/id_ed25519'), 'utf8')).toBe('canary')
    expect(readFileSync(join(home, 'Documents/letter.txt'), 'utf8')).toBe('canary')
    expect(existsSync(join(home, 'planted.txt'))).toBe(false)
    expect(readFileSync(probe, 'utf8')).not.toContain('written by the probe\n')
    expect(existsSync(join(home, 'allowed/new.txt'))).toBe(true)
  })
})
