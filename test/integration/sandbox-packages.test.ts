import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseCode } from '../../main/cells/analysis/analyse-code.ts'
import { codeAt } from '../../main/cells/code.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { parsePackageCommand } from '../../main/supervisor/packages/package-command.ts'
import { Packages } from '../../main/supervisor/packages/packages.ts'
import type { AllowedPath } from '../../shared/domain/folder-rights.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { toolsOf } from '../support/stdio-exchange.ts'

const home = mkdtempSync(join(tmpdir(), 'gatehouse-packages-'))
const dataFolder = join(home, 'data')
const allowed = join(home, 'allowed')
const sandbox = new SystemSandbox({ dataFolder, serverTemp: join(home, 'servers') })
const told: string[] = []
const packages = new Packages({
  sandbox,
  folder: join(dataFolder, 'packages'),
  node: process.execPath,
  onScripts: (server, scripts) => told.push(`${server} ${scripts.map((one) => one.package)}`),
})

/** As a page for another package manager says it. */
const pnpm = parsePackageCommand('pnpm', ['dlx', '@modelcontextprotocol/server-memory@2026.8.31'])
const named = (name: string) => name as ServerName
const aServer = (name: string, allowedPaths: readonly AllowedPath[] = []): ServerConfig => ({
  name: named(name),
  workspace: defaultWorkspace,
  origin: { kind: 'command', command: 'npx', args: [] },
  sandbox: 2,
  allowedPaths,
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: false,
  enabled: true,
  addedAt: 0 as EpochMs,
})

beforeAll(() => {
  mkdirSync(dataFolder, { recursive: true })
  mkdirSync(allowed)
})
afterAll(async () => {
  await sandbox.stop()
  rmSync(home, { recursive: true, force: true })
})

describe.runIf(process.platform === 'linux')('a package command', () => {
  it.each([
    ['everything', '@modelcontextprotocol/server-everything', [], [], 'echo'],
    [
      'filesystem',
      '@modelcontextprotocol/server-filesystem',
      [allowed],
      [{ path: allowed, access: 'write' as const }],
      'read_text_file',
    ],
    ['memory', pnpm?.spec ?? '', pnpm?.args ?? [], [], 'create_entities'],
  ])('installs %s once and lists its tools at level 2, offline', async (name, spec, args, paths, tool) => {
    const said: string[] = []
    const installed = await packages.install({ server: named(name), spec, progress: (sentence) => said.push(sentence) })
    expect(installed).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      integrity: expect.stringMatching(/^sha512-/),
    })
    expect(said[0]).toContain(spec)
    const launch = await packages.launch(named(name), installed, args)
    const confinement = await sandbox.confine({
      server: aServer(name, paths),
      ...launch,
      secrets: {},
      instance: 'test',
    })
    expect(await toolsOf(confinement)).toContain(tool)
    expect(confinement.deniedHosts()).toEqual([])
    await confinement.release()
  })

  it.each(['everything', 'filesystem', 'memory'])(
    '%s has nothing grave in it, nor in any of its dependencies',
    async (name) => {
      const folder = packages.folderOf(named(name))
      const own = `node_modules/@modelcontextprotocol/server-${name}`
      const code = await codeAt({ kind: 'folder', folder, own })
      expect(code.files.length).toBeGreaterThan(1000)
      const reader = { node: process.execPath, script: resolve('main/cells/analysis/code-reader-process.ts') }
      const found = await analyseCode(code, reader)
      expect(found?.filter(({ severity }) => severity !== 'low')).toEqual([])
      expect(found?.filter(({ rule }) => rule === 'not-all-looked-at')).toEqual([])
    },
  )

  it('keeps the lock file and leaves no half installation behind', () => {
    expect(readdirSync(join(dataFolder, 'packages')).sort()).toEqual(['everything', 'filesystem', 'memory'])
    const lock = JSON.parse(readFileSync(join(dataFolder, 'packages', 'memory', 'package-lock.json'), 'utf8'))
    expect(lock.packages['node_modules/@modelcontextprotocol/server-memory'].version).toBe('2026.8.31')
  })

  it('refuses to start another version than the one agreed to', async () => {
    const installed = {
      version: '0.0.1',
      integrity: 'sha512-other',
      entry: 'node_modules/@modelcontextprotocol/server-memory/dist/index.js',
    }
    await expect(packages.launch(named('memory'), installed, [])).rejects.toMatchObject({ code: 'server.failed' })
  })

  it('says in words that a package or a version does not exist, and keeps what was there', async () => {
    const missing = packages.install({ server: named('memory'), spec: 'gatehouse-no-such-package-8471' })
    await expect(missing).rejects.toMatchObject({ params: { problem: expect.stringContaining('knows no package') } })
    const version = packages.install({ server: named('memory'), spec: '@modelcontextprotocol/server-memory@99.0.0' })
    await expect(version).rejects.toMatchObject({ params: { problem: expect.stringContaining('no such version') } })
    expect(existsSync(join(dataFolder, 'packages', 'memory', 'package-lock.json'))).toBe(true)
  })

  it.each(['./folder', 'https://example.org/x.tgz', 'git+ssh://git@example.org/x.git', '--global', 'a b'])(
    'refuses %s, which does not come from the registry',
    async (spec) => {
      await expect(packages.install({ server: named('x'), spec })).rejects.toMatchObject({ code: 'server.failed' })
    },
  )

  it('reports install scripts and does not run them', async () => {
    const installed = await packages.install({ server: named('native'), spec: 'esbuild@0.25.0' })
    expect(installed.scripts).toContainEqual({
      package: 'esbuild',
      version: '0.25.0',
      runs: ['postinstall: node install.js'],
    })
    expect(told).toEqual(['native esbuild'])
    await packages.remove(named('native'))
  })

  it('runs install scripts the person agreed to, in the install sandbox, and no others', async () => {
    const { scripts } = await packages.install({ server: named('scripted'), spec: 'esbuild@0.25.0' })
    const other = scripts.map((one) => ({ ...one, runs: ['postinstall: node other.js'] }))
    await expect(packages.runScripts(named('scripted'), other)).rejects.toMatchObject({
      params: { problem: expect.stringContaining('not the ones you agreed to') },
    })
    const program = join(dataFolder, 'packages', 'scripted', 'node_modules', 'esbuild', 'bin', 'esbuild')
    const before = readFileSync(program)
    await packages.runScripts(named('scripted'), scripts)
    expect(readFileSync(program).equals(before)).toBe(false) // its script puts the real program there
    expect(readdirSync(join(dataFolder, 'packages')).some((name) => name.startsWith('.scripted'))).toBe(false)
    await packages.remove(named('scripted'))
  })

  it('stops at once when it is cancelled and leaves nothing', async () => {
    const cancelled = new AbortController()
    const installing = packages.install({
      server: named('cancelled'),
      spec: '@modelcontextprotocol/server-everything',
      signal: cancelled.signal,
      progress: () => setTimeout(() => cancelled.abort(), 300),
    })
    await expect(installing).rejects.toMatchObject({ name: 'AbortError' })
    expect(readdirSync(join(dataFolder, 'packages')).some((name) => name.includes('cancelled'))).toBe(false)
  })
})
