import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Confinement } from '../../main/sandbox/sandbox.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { ProcessMeter } from '../../main/supervisor/governor/measure.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { SandboxLevel } from '../../shared/domain/server.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-forward-')))
const sandbox = new SystemSandbox({ dataFolder: join(base, 'data'), serverTemp: join(base, 'servers') })
const processes: ChildProcess[] = []
const listeners: Server[] = []

/** Somebody else's service on this computer, by both families. @returns its port */
async function aStranger(port = 0): Promise<{ port: number; process: ChildProcess }> {
  const code = `require('net').createServer((c)=>{c.on('error',()=>{});c.write('stranger ');c.pipe(c)}).listen(${port},'::',function(){console.log(this.address().port)})`
  const process = spawn(globalThis.process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  processes.push(process)
  const [line] = await once(process.stdout as NonNullable<typeof process.stdout>, 'data')
  return { port: Number(String(line)), process }
}

/** A port of Gatehouse's own: this process listens on it. */
async function anOwnPort(port = 0): Promise<{ port: number; hits: () => number }> {
  let hits = 0
  const server = createServer((socket) => {
    hits += 1
    socket.on('error', () => {}).end('Gatehouse')
  })
  listeners.push(server)
  await new Promise<void>((done) => server.listen(port, '::', done))
  return { port: (server.address() as AddressInfo).port, hits: () => hits }
}

/** Dials each `HOST PORT` line on its input; says what came of it. */
const dialler = `require('readline').createInterface({input:process.stdin}).on('line',(l)=>{const [host,port,glance]=l.split(' ');const c=require('net').connect({host,port:Number(port)});let got='';const end=(w)=>{c.destroy();console.log(JSON.stringify(w))};c.setTimeout(8000,()=>end('timeout'));c.on('connect',()=>glance?end('connected'):c.write('ping'));c.on('data',(d)=>{got+=d;if(got.endsWith('ping'))end(got)});c.on('error',(e)=>end(e.code));c.on('end',()=>end('closed '+got))})`

class Dialler {
  readonly #child: ChildProcess
  constructor(readonly confined: Confinement) {
    const [program = '', ...args] = confined.argv
    this.#child = spawn(program, args, { env: confined.env, cwd: confined.cwd, stdio: ['pipe', 'pipe', 'inherit'] })
    processes.push(this.#child)
  }
  /** @param glance only whether somebody listens */
  async dial(host: string, port: number, glance = ''): Promise<string> {
    this.#child.stdin?.write(`${host} ${port} ${glance}\n`)
    const [line] = await once(this.#child.stdout as NonNullable<ChildProcess['stdout']>, 'data')
    return JSON.parse(String(line)) as string
  }
  get pid(): number {
    return this.#child.pid ?? 0
  }
  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.confined.release()
  }
}

async function aServer(allowedHosts: readonly string[], level: SandboxLevel = 2, name = 'one'): Promise<Dialler> {
  const confined = await sandbox.confine({
    server: {
      name: name as ServerName,
      workspace: defaultWorkspace,
      origin: { kind: 'command', command: 'node', args: [] },
      sandbox: level,
      allowedPaths: [],
      allowedHosts,
      env: {},
      secretNames: [],
      trusted: false,
      shared: false,
      enabled: true,
      addedAt: 0 as EpochMs,
    },
    executable: process.execPath,
    args: ['-e', dialler],
    readable: [],
    secrets: {},
    instance: 'a',
  })
  return new Dialler(confined)
}

const lan = Object.values(networkInterfaces())
  .flat()
  .find(
    (one) =>
      one && !one.internal && one.family === 'IPv4' && /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(one.address),
  )?.address

beforeAll(() => mkdirSync(join(base, 'data')))
afterAll(async () => {
  for (const process of processes) process.kill('SIGKILL')
  for (const server of listeners) server.close()
  await sandbox.stop()
  rmSync(base, { recursive: true, force: true })
})

describe.runIf(process.platform === 'linux')('a port the person allowed', () => {
  it.each([1, 2] as const)('is reached by raw TCP at level %i, and no other port is', async (level) => {
    const [allowed, other] = [await aStranger(), await aStranger()]
    const server = await aServer([`localhost:${allowed.port}`], level)
    for (const host of ['localhost', '127.0.0.1', '::1'])
      expect([host, await server.dial(host, allowed.port)]).toEqual([host, 'stranger ping'])
    for (const host of ['localhost', '127.0.0.1', '::1', '127.77.0.1'])
      expect([host, await server.dial(host, other.port)]).toEqual([host, 'ECONNREFUSED'])
    await server.end()
  })

  it.each([1, 2] as const)(
    'shows what passed in the figures of its server at level %i, and of no other',
    async (level) => {
      const { port } = await aStranger()
      const server = await aServer([`localhost:${port}`], level)
      const other = await aServer([], level, 'two')
      await other.dial('127.0.0.1', port)
      const meter = new ProcessMeter()
      const roots = new Map([
        ['own', [server.pid]],
        ['other', [other.pid]],
      ])
      meter.measure(roots, 0)
      for (let times = 0; times < 50; times++) expect(await server.dial('127.0.0.1', port)).toBe('stranger ping')
      const { together } = meter.measure(roots, 1_000)
      expect(together.get('own')?.networkBytes).toBeGreaterThan(50 * 'stranger ping'.length)
      expect(together.get('other')?.networkBytes).toBe(0)
      await server.end()
      await other.end()
    },
  )

  it('is not reached at level 3, which has no network', async () => {
    const { port } = await aStranger()
    const server = await aServer([`127.0.0.1:${port}`], 3)
    expect(await server.dial('127.0.0.1', port)).toBe('ECONNREFUSED')
    await server.end()
  })

  it('is reached by its own server only', async () => {
    const { port } = await aStranger()
    const own = await aServer([`127.0.0.1:${port}`])
    const other = await aServer([], 2, 'two')
    expect(await own.dial('127.0.0.1', port)).toBe('stranger ping')
    expect(await other.dial('127.0.0.1', port)).toBe('ECONNREFUSED')
    await own.end()
    await other.end()
  })

  it.each([
    '127.0.0.1',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    ...(lan ? [lan] : []),
  ])('is never Gatehouse’s own, spelled %s', async (host) => {
    const { port, hits } = await anOwnPort()
    const server = await aServer([`${host}:${port}`])
    for (const address of ['127.0.0.1', '::1', ...(lan ? [lan] : [])])
      expect(await server.dial(address, port)).toMatch(/^(closed |ECONNRE|ENETUNREACH)/)
    expect(hits()).toBe(0)
    await server.end()
  })

  it('stops being reached when Gatehouse listens there after a restart, and says so', async () => {
    const { port, process: stranger } = await aStranger()
    const server = await aServer([`127.0.0.1:${port}`])
    expect(await server.dial('127.0.0.1', port)).toBe('stranger ping')
    stranger.kill('SIGKILL')
    await once(stranger, 'exit')
    const own = await anOwnPort(port)
    expect(await server.dial('127.0.0.1', port)).toMatch(/^(closed |ECONNRESET)$/)
    expect(own.hits()).toBe(0)
    expect(server.confined.deniedHosts()).toEqual([{ host: '127.0.0.1', port, why: 'own port' }])
    await server.end()
  })

  it('has the address of the local network that the person named, and no other', async () => {
    const server = await aServer(['10.255.255.1:5432', 'nas.lan:445'])
    expect(await server.dial('10.255.255.1', 5432, 'glance')).toBe('connected')
    expect(await server.dial('nas.lan', 445, 'glance')).toBe('connected')
    expect(await server.dial('10.255.255.1', 5433, 'glance')).toBe('ECONNREFUSED')
    expect(await server.dial('10.255.255.2', 5432, 'glance')).toBe('ENETUNREACH')
    await server.end()
  })

  it('leaves the server no more rights than before', async () => {
    const { port } = await aStranger()
    const confined = await sandbox.confine({
      server: { ...(await aServerConfig([`${lan ?? '127.0.0.1'}:${port}`, 'localhost:81'])) },
      executable: '/bin/bash',
      args: [
        '-c',
        '(/usr/sbin/ip addr add 10.1.2.3/32 dev lo || /sbin/ip addr add 10.1.2.3/32 dev lo) 2>&1; exec 3<>/dev/tcp/127.0.0.1/82; /usr/bin/socat TCP4-LISTEN:82 - </dev/null 2>&1',
      ],
      readable: [],
      secrets: {},
      instance: 'a',
    })
    const [program = '', ...args] = confined.argv
    const child = spawn(program, args, { env: confined.env, cwd: confined.cwd, stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    await once(child, 'close')
    expect(said).toMatch(/not permitted|No such file/)
    expect(said).toMatch(/Permission denied/)
    await confined.release()
  })
})

async function aServerConfig(allowedHosts: readonly string[]) {
  return {
    name: 'one' as ServerName,
    workspace: defaultWorkspace,
    origin: { kind: 'command' as const, command: 'bash', args: [] },
    sandbox: 2 as const,
    allowedPaths: [],
    allowedHosts,
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}
