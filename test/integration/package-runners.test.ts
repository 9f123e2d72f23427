import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { launchOf } from '../../main/supervisor/launch.ts'
import { parsePackageCommand } from '../../main/supervisor/packages/package-command.ts'
import { Packages } from '../../main/supervisor/packages/packages.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { toolsOf } from '../support/stdio-exchange.ts'

const home = mkdtempSync(join(tmpdir(), 'gatehouse-runners-'))
const sandbox = new SystemSandbox({ dataFolder: join(home, 'data'), serverTemp: join(home, 'servers') })
const packages = new Packages({ sandbox, folder: join(home, 'data', 'packages'), node: process.execPath })
const memory = '@modelcontextprotocol/server-memory@2026.8.31'
const program = 'mcp-server-memory'

beforeAll(() => mkdirSync(join(home, 'data'), { recursive: true }))
afterAll(async () => {
  await sandbox.stop()
  rmSync(home, { recursive: true, force: true })
})

/** From the words a person copies off a page to a confined process; the runner itself need not be on this computer. */
async function run(words: readonly string[]) {
  const [command = '', ...args] = words
  const asked = parsePackageCommand(command, args)
  if (!asked) throw new Error(`${words.join(' ')} is not understood`)
  const name = command as ServerName
  const { runner, spec, bin } = asked
  const installed = await packages.install({ server: name, spec, ...(bin ? { bin } : {}) })
  const server: ServerConfig = {
    name,
    workspace: defaultWorkspace,
    origin: { kind: 'package', runner, spec, args: asked.args, installed },
    sandbox: 2,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
  const launch = await launchOf(server, { node: process.execPath, bundles: home, packages })
  const confinement = await sandbox.confine({ server, ...launch, secrets: {}, instance: 'test' })
  const tools = await toolsOf(confinement)
  const denied = confinement.deniedHosts()
  await confinement.release()
  await packages.remove(name)
  return { runner, tools, denied, how: confinement.describe }
}

describe.runIf(process.platform === 'linux')('a server that is started by', () => {
  it.each([
    ['pnpx', ['pnpx', memory], 'pnpm dlx'],
    ['bunx', ['bunx', '--bun', memory], 'bunx'],
    ['bun x', ['bun', 'x', memory], 'bunx'],
    ['yarn dlx', ['yarn', 'dlx', '-p', memory, program], 'yarn dlx'],
    ['npm exec', ['npm', 'exec', `--package=${memory}`, '--', program], 'npx'],
  ])('%s runs confined, offline, with its tools', async (_name, words, runner) => {
    const found = await run(words)
    expect(found.tools).toContain('create_entities')
    expect(found).toMatchObject({ runner, denied: [] })
    expect(found.how).toContain('bubblewrap')
  })
})
