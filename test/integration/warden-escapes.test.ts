import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allProcesses, processTree, sampleProcess } from '../../main/sandbox/process-tree.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { endMarked, installationOf, markName, markOf } from '../../main/supervisor/warden/marks.ts'
import { reapLeftovers } from '../../main/supervisor/warden/record.ts'
import { Warden } from '../../main/supervisor/warden/warden.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-escape-'))
const gone = (pid: number) => expect.poll(() => sampleProcess(pid), { interval: 50 }).toBeUndefined()

/** Hears nothing, ends never. */
const deaf = `for(const s of ['SIGTERM','SIGHUP','SIGINT'])process.on(s,()=>{});setInterval(()=>{},1e3)`
/** Starts a deaf one in a session of its own and ends: nobody's child, in nobody's group. */
const middle = `const c=require('child_process').spawn(process.execPath,['-e',${JSON.stringify(deaf)}],{detached:true,stdio:'ignore'});c.unref();console.log(c.pid)`
/** A server that leaves one of those behind, says its number, and is deaf itself. */
const escaping = `console.log(require('child_process').execFileSync(process.execPath,['-e',${JSON.stringify(middle)}],{encoding:'utf8'}).trim());${deaf}`

async function bundle(name: string, input: string): Promise<string> {
  const output = { entryFileNames: `${name}.mjs` }
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: input, outDir: folder, emptyOutDir: false, rolldownOptions: { output } },
  })
  return join(folder, `${name}.mjs`)
}

/** The first line of a process's output. */
async function heard(child: ChildProcess): Promise<string> {
  const [line] = await once(createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> }), 'line')
  return String(line)
}

async function anEscapee(mark: string) {
  const env = { PATH: process.env.PATH ?? '', [markName]: mark }
  const server = spawn(process.execPath, ['-e', escaping], { detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const stray = Number(await heard(server))
  const pid = server.pid ?? 0
  expect(sampleProcess(stray)).not.toMatchObject({ group: pid })
  expect(sampleProcess(stray)).not.toMatchObject({ session: pid })
  expect(processTree(pid).map((one) => one.pid)).not.toContain(stray)
  return { server, pid, stray }
}

describe.runIf(process.platform === 'linux')('a process that leaves its group and its session', () => {
  let script = ''
  let client = ''
  beforeAll(async () => {
    script = await bundle('warden', 'main/supervisor/warden/warden-process.ts')
    client = await bundle('client', 'main/supervisor/warden/warden.ts')
  })
  const aWarden = (name: string) =>
    new Warden({ node: process.execPath, script, recordFile: join(folder, name, 'servers.json') })

  it('is ended when its server has ended, while the app goes on', async () => {
    const warden = aWarden('a')
    const first = await anEscapee(warden.newMark())
    const second = await anEscapee(warden.newMark())
    for (const { pid } of [first, second]) warden.watch(pid)
    process.kill(-first.pid, 'SIGKILL')
    await once(first.server, 'exit')
    warden.unwatch(first.pid)
    await gone(first.stray)
    expect(sampleProcess(second.stray)?.pid).toBe(second.stray)
    await warden.stop()
    await gone(second.pid)
    await gone(second.stray)
  })

  /** An app that has a warden and starts servers; with `told` the warden hears of them. */
  async function anApp(name: string, told: boolean) {
    const file = join(folder, `app-${name}.mjs`)
    const record = join(folder, name, 'servers.json')
    writeFileSync(
      file,
      `import { Warden } from ${JSON.stringify(client)}
       import { spawn } from 'node:child_process'
       import { createInterface } from 'node:readline'
       const warden = new Warden({ node: process.execPath, script: ${JSON.stringify(script)}, recordFile: ${JSON.stringify(record)} })
       warden.start()
       const env = { PATH: process.env.PATH, ${markName}: warden.newMark() }
       const server = spawn(process.execPath, ['-e', ${JSON.stringify(escaping)}], { detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] })
       if (${told}) warden.watch(server.pid)
       createInterface({ input: server.stdout }).once('line', (stray) => console.log(JSON.stringify([server.pid, Number(stray), warden.pid])))`,
    )
    const app = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [server = 0, stray = 0, warden = 0] = JSON.parse(await heard(app)) as number[]
    return { app, server, stray, warden, record }
  }

  it.each([
    ['a server the warden knows', true],
    ['a server the warden was not told of yet', false],
  ])('is ended with %s when the app is killed with -9', async (_what, told) => {
    const { app, server, stray, warden } = await anApp(told ? 'told' : 'untold', told)
    app.kill('SIGKILL')
    for (const pid of [server, stray, warden]) await gone(pid)
  })

  it('is ended at the next start when app and warden were both killed, and a stranger’s is not', async () => {
    const { app, server, stray, warden, record } = await anApp('both', true)
    const stranger = await anEscapee(`${installationOf('/elsewhere')}.1.1`)
    process.kill(warden, 'SIGSTOP') // so that it does nothing between the two
    app.kill('SIGKILL')
    process.kill(warden, 'SIGKILL')
    await gone(warden)
    expect([server, stray].map((pid) => sampleProcess(pid)?.pid)).toEqual([server, stray])
    expect(reapLeftovers(record)).toBeGreaterThanOrEqual(2)
    for (const pid of [server, stray]) await gone(pid)
    expect(sampleProcess(stranger.stray)?.pid).toBe(stranger.stray)
    endMarked([`${installationOf('/elsewhere')}.1`])
    await gone(stranger.stray)
  })

  it('is known by a whole mark, not by a beginning that is alike', async () => {
    const { pid, stray } = await anEscapee('aaaa.bbbb.12')
    expect(markOf(stray)).toBe('aaaa.bbbb.12')
    expect(endMarked(['aaaa.bbbb.1', 'aaaa.bb', 'aaa'])).toBe(0)
    expect(endMarked(['aaaa'])).toBe(2)
    for (const one of [pid, stray]) await gone(one)
  })
})

describe.runIf(process.platform === 'linux')('a confined server that starts a deaf process of its own session', () => {
  const sandbox = new SystemSandbox({ dataFolder: join(folder, 'data'), serverTemp: join(folder, 'temp') })
  afterAll(() => sandbox.stop())

  it.each([1, 2, 3] as const)('takes it along at level %i when bubblewrap is killed with -9', async (level) => {
    const confined = await sandbox.confine({
      server: {
        name: 'one' as ServerName,
        workspace: defaultWorkspace,
        origin: { kind: 'command', command: 'bash', args: [] },
        sandbox: level,
        allowedPaths: [],
        allowedHosts: [],
        env: {},
        secretNames: [],
        trusted: false,
        shared: false,
        enabled: true,
        addedAt: 0 as EpochMs,
      },
      executable: '/bin/bash',
      args: [
        '-c',
        `(setsid bash -c 'trap "" TERM HUP; echo ready; while :; do sleep 1; done' &); trap "" TERM; while :; do sleep 1; done`,
      ],
      readable: [],
      secrets: {},
      instance: 'a',
    })
    const [program = '', ...args] = confined.argv
    const child = spawn(program, args, {
      env: confined.env,
      cwd: confined.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await heard(child)
    const inside = processTree(child.pid ?? 0).map((one) => one.pid)
    expect(inside.length).toBeGreaterThan(3)
    process.kill(child.pid ?? 0, 'SIGKILL')
    for (const pid of inside) await gone(pid)
    await confined.release()
  })
})

describe.runIf(process.platform === 'linux')('the running app, killed with -9', () => {
  let app: GatehouseApp
  beforeAll(async () => {
    app = await GatehouseApp.start()
  })
  afterAll(() => app.end())

  const below = (pid: number) =>
    processTree(pid)
      .map((one) => one.pid)
      .filter((one) => one !== pid)
  const marked = (home: string) => {
    const installation = installationOf(join(home, 'run', 'servers.json'))
    return allProcesses().flatMap(({ pid }) => (markOf(pid)?.startsWith(`${installation}.`) ? [pid] : []))
  }
  const commandOf = (pid: number) => {
    const file = `/proc/${pid}/cmdline`
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }

  it('leaves nothing of a package it was installing', async () => {
    const adding = app.operator(
      'servers',
      'add',
      'package',
      '--yes',
      '--',
      'npx',
      '@modelcontextprotocol/server-memory',
    )
    await expect
      .poll(() => below(app.pid).some((pid) => commandOf(pid).includes('npm-cli.js')), {
        timeout: 20_000,
        interval: 20,
      })
      .toBe(true)
    const children = below(app.pid)
    await app.kill()
    for (const pid of children) await gone(pid)
    await adding
    await app.start()
  })

  it.each(['0', '2'])('leaves nothing of a server that never finished its start, at level %s', async (level) => {
    const silent = join(root, 'test', 'support', 'escaping-server', 'silent.js')
    const adding = app.operator('servers', 'add', 'silent', '--yes', '--sandbox', level, '--', process.execPath, silent)
    await expect
      .poll(() => below(app.pid).some((pid) => commandOf(pid).includes('silent.js')), { timeout: 20_000, interval: 20 })
      .toBe(true)
    const strays = () => marked(app.home).filter((pid) => commandOf(pid).includes('gatehouse-stray'))
    await expect.poll(() => strays().length, { timeout: 10_000 }).toBe(1)
    const left = [...below(app.pid), ...strays()]
    await app.kill()
    for (const pid of left) await gone(pid)
    await adding
    await app.start()
    await app.operator('servers', 'remove', 'silent')
  })
})
