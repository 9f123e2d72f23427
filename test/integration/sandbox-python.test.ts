import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { originOf, pythonOf } from '../../main/supervisor/origin.ts'
import { type PackageCommand, parsePackageCommand } from '../../main/supervisor/packages/package-command.ts'
import { Packages } from '../../main/supervisor/packages/packages.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import { toolsOf } from '../support/stdio-exchange.ts'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-python-')))
const dataFolder = join(home, 'data')
const sandbox = new SystemSandbox({ dataFolder, serverTemp: join(home, 'servers') })
const watched: number[] = []
const packages = new Packages({
  sandbox,
  folder: join(dataFolder, 'packages'),
  node: process.execPath,
  warden: { watch: (pid) => watched.push(pid), unwatch: (pid) => watched.splice(watched.indexOf(pid), 1) },
})
const weather = 'weather' as ServerName
const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0
if (!hasPython) console.log('Not run: uvx commands need python3 with venv and pip (python3-venv, python3-pip).')

let indexUrl = ''
let index: ChildProcess

const command = (...words: readonly string[]): PackageCommand => {
  const parsed = parsePackageCommand('uvx', ['--index-url', indexUrl, ...words])
  if (!parsed) throw new Error('it was not understood')
  return parsed
}
const install = (server: ServerName, ...words: readonly string[]) => {
  const { spec, bin, python } = command(...words)
  return packages.install({ server, spec, ...(bin ? { bin } : {}), ...(python ? { python } : {}) })
}

describe.runIf(process.platform === 'linux' && hasPython)('a uvx command', () => {
  beforeAll(async () => {
    mkdirSync(dataFolder, { recursive: true })
    const script = resolve('test/support/python-index/make-index.py')
    index = spawn('python3', [script, join(home, 'index')], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [port] = await once(index.stdout as NonNullable<typeof index.stdout>, 'data')
    indexUrl = `http://127.0.0.1:${String(port).trim()}/simple/`
  })
  afterAll(async () => {
    index.kill()
    await sandbox.stop()
    rmSync(home, { recursive: true, force: true })
  })

  it('is installed once from its index, with checksums, and lists its tools at level 2, without the index', async () => {
    const installed = await install(weather, 'gatehouse-weather')
    expect(installed).toMatchObject({
      name: 'gatehouse-weather',
      version: '1.2.0',
      integrity: expect.stringMatching(/^sha256-[0-9a-f]{64}$/),
    })
    const lock = readFileSync(join(dataFolder, 'packages', 'weather', 'requirements.txt'), 'utf8')
    expect(lock.match(/^gatehouse-(weather==1.2.0|greeting==1.0) --hash=sha256:[0-9a-f]{64}$/gm)).toHaveLength(2)
    expect(watched).toEqual([])
    const launch = await packages.launch(weather, installed, ['--city', 'Iași'])
    const confinement = await sandbox.confine({ server: aServer(), ...launch, secrets: {}, instance: 'test' })
    expect(await toolsOf(confinement)).toEqual(['forecast'])
    expect(confinement.deniedHosts()).toEqual([])
    await confinement.release()
  })

  it('is told of a newer version, gets it beside the one it has, and is put back as it was', async () => {
    const words = ['--from', 'gatehouse-weather==1.1.0', 'gatehouse-weather']
    const older = await install(weather, ...words)
    const origin = originOf('uvx', ['--index-url', indexUrl, ...words])
    const python = origin.kind === 'package' ? pythonOf(origin) : undefined
    expect(python?.index).toBe(indexUrl)
    const folder = packages.folderOf(weather)
    const before = readdirSync(join(dataFolder, 'packages')).sort()
    expect(await packages.latest(weather, 'gatehouse-weather==1.1.0', python)).toBe('1.2.0')
    expect(readdirSync(join(dataFolder, 'packages')).sort()).toEqual(before)
    const asked = { server: weather, spec: 'gatehouse-weather==1.2.0', bin: 'gatehouse-weather' }
    const fetched = await packages.fetch({ ...asked, ...(python ? { python } : {}) })
    expect(fetched.installed).toMatchObject({ version: '1.2.0', scripts: [] })
    expect(packages.versionsIn(folder)).toMatchObject({ 'gatehouse-weather': '1.1.0' })
    expect(packages.versionsIn(fetched.folder)).toMatchObject({
      'gatehouse-weather': '1.2.0',
      'gatehouse-greeting': '1.0',
    })
    await packages.launch(weather, older, [])
    await packages.swapIn(weather, fetched)
    const launch = await packages.launch(weather, fetched.installed, [])
    const confinement = await sandbox.confine({ server: aServer(), ...launch, secrets: {}, instance: 'test' })
    expect(await toolsOf(confinement)).toEqual(['forecast'])
    await confinement.release()
    await packages.takeBack(weather)
    await packages.launch(weather, older, [])
    await expect(packages.launch(weather, fetched.installed, [])).rejects.toThrow('server.failed')
  })

  it('takes the version it names, and is not started as another than the one agreed to', async () => {
    const older = await install(weather, '--from', 'gatehouse-weather==1.1.0', 'gatehouse-weather')
    expect(older.version).toBe('1.1.0')
    const newer = { ...older, version: '1.2.0' }
    await expect(packages.launch(weather, newer, [])).rejects.toMatchObject({
      params: { problem: expect.stringContaining('not the version you agreed to') },
    })
  })

  it.each([
    ['one that would have to be built', ['gatehouse-built'], 'builds none'],
    ['one that is not what its index says', ['gatehouse-lied'], 'is not what it said'],
    ['one from elsewhere', ['git+https://example.org/x'], 'not a package of a Python index'],
    ['a Python this computer does not have', ['-p', '3.99', 'gatehouse-weather'], 'was not found'],
  ])('refuses %s in words, and keeps what was there', async (_what, words, sentence) => {
    await expect(install(weather, ...words)).rejects.toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringContaining(sentence) },
    })
    expect(existsSync('/tmp/built')).toBe(false)
    expect(readdirSync(join(dataFolder, 'packages'))).toEqual(['weather'])
  })

  it('shows the person the index and the packages it names', () => {
    const origin = originOf('uvx', ['--index-url', indexUrl, '--with', 'more', 'gatehouse-weather', '--city', 'x'])
    expect(origin).toMatchObject({
      runner: 'uvx',
      spec: 'gatehouse-weather',
      options: ['--with', 'more', '--index-url', indexUrl],
      args: ['--city', 'x'],
    })
  })
})

function aServer() {
  return {
    name: weather,
    workspace: defaultWorkspace,
    origin: { kind: 'command' as const, command: 'uvx', args: [] },
    sandbox: 2 as const,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}
