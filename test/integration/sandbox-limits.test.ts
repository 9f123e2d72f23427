import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultLimits } from '../../main/sandbox/limits.ts'
import { allProcesses } from '../../main/sandbox/process-tree.ts'
import { SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RunningSettings } from '../../shared/domain/running.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { aSupervisor, textOf } from '../support/a-supervisor.ts'

const greedy = resolve('test/support/greedy-server/greedy-server.js')

describe.runIf(process.platform === 'linux')('a greedy server', () => {
  let base: string
  let sandbox: SystemSandbox
  let gatehouse: ReturnType<typeof aSupervisor>

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-limits-')))
    for (const one of ['data', 'servers']) mkdirSync(join(base, one))
    sandbox = new SystemSandbox({
      dataFolder: join(base, 'data'),
      serverTemp: join(base, 'servers'),
      limits: { ...defaultLimits, cpuWindowSeconds: 3 },
    })
    gatehouse = aSupervisor({ sandbox })
  })
  afterEach(async () => {
    await gatehouse.end()
    await sandbox.stop()
    rmSync(base, { recursive: true, force: true })
  })

  const add = (running: RunningSettings, sandboxLevel: 0 | 2 = 2) =>
    gatehouse.add('greedy', [greedy], { sandbox: sandboxLevel, running: running as never })
  const does = (deed: string, args: JsonObject = {}) => gatehouse.call(`greedy__${deed}`, args, { deadlineMs: 30_000 })
  const pidOf = () => gatehouse.supervisor.hosted('greedy' as never).pids[0] ?? 0
  const group = (pid: number) => allProcesses().filter((one) => one.group === pid || one.parent === pid)

  it.each([0, 2] as const)(
    'at level %i that takes more memory than it may is ended, and the call says so',
    async (level) => {
      await add({ memoryMb: 300 }, level)
      await does('echo')
      const pid = pidOf()
      const call = does('memory', { mb: 600 }).then(() => does('processor', { ms: 5000 }))
      await expect(call).rejects.toMatchObject({
        code: 'server.crashed',
        params: { problem: expect.stringContaining('more than 300 MB of memory') },
      })
      await expect.poll(() => group(pid)).toEqual([])
      expect(textOf(await does('echo', { text: 'again' }))).toBe('again')
    },
  )

  it('that starts more processes than it may is ended with all of them', async () => {
    await add({ processes: 30 })
    await does('echo')
    const pid = pidOf()
    const sleepers = () => allProcesses().filter((one) => one.parent === pid)
    const answered = await does('processes', { count: 60 }).catch((error: unknown) => error) // ended before or after its answer
    if (answered instanceof Error) expect(answered).toMatchObject({ code: 'server.crashed' })
    await expect.poll(() => gatehouse.supervisor.hosted('greedy' as never).problem).toContain('more than 30 processes')
    await expect.poll(() => [...group(pid), ...sleepers()]).toEqual([])
  })

  it('that keeps more processor cores busy than it may is ended', async () => {
    await add({ cores: 0.3 }) // which it gets even where many others compute
    const call = does('processor', { ms: 25_000 })
    await expect(call).rejects.toMatchObject({
      params: { problem: expect.stringContaining('more than 0.3 processor cores') },
    })
  })

  it('that fills its temp folder is ended, and what it filled is deleted', async () => {
    await add({ diskMb: 50 })
    const call = does('disk', { mb: 120 }).then(() => does('processor', { ms: 8000 }))
    await expect(call).rejects.toMatchObject({
      params: { problem: expect.stringContaining('more than 50 MB in its own home and temp') },
    })
    const left = await readdir(join(base, 'servers'), { recursive: true })
    expect(left.filter((name) => name.includes('big'))).toEqual([])
  })

  it('that fills its home, which stays, is ended too', async () => {
    await add({ diskMb: 50 })
    const home = textOf(await does('home'))
    const call = does('disk', { mb: 120, path: join(home, 'big') }).then(() => does('processor', { ms: 8000 }))
    await expect(call).rejects.toMatchObject({ params: { problem: expect.stringContaining('more than 50 MB') } })
  })

  it('that stays within its limits is left alone', async () => {
    await add({ memoryMb: 600, processes: 30, cores: 2, diskMb: 100 })
    await does('memory', { mb: 100 })
    await does('disk', { mb: 20 })
    await does('processes', { count: 5 })
    await does('processor', { ms: 4000 })
    expect(textOf(await does('echo', { text: 'still here' }))).toBe('still here')
    expect(gatehouse.supervisor.hosted('greedy' as never).problem).toBeUndefined()
  })

  it('is shown its limits and who keeps them, also before it runs', async () => {
    await add({ memoryMb: 300, diskMb: 50 })
    await gatehouse.supervisor.restart('greedy' as never)
    const { limits } = await gatehouse.administration.inspect('greedy' as never)
    expect(limits).toMatch(
      /^memory 300 MB, 128 processes, .* cores, 50 MB of its own on disk; (kept by the system in a cgroup of its own, and )?measured every second, ended when exceeded$/,
    )
  })

  const canChangeUser = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')
  it.runIf(canChangeUser)(
    'of an ordinary user cannot start tasks without end, however fast: the system itself refuses',
    async () => {
      const fork =
        'let n=0;try{for(;n<2000;n++)require("node:child_process").spawn("sleep",["60"],{stdio:"ignore"}).on("error",()=>{})}catch{};setTimeout(()=>{console.log(require("fs").readdirSync("/proc").filter(x=>/^\\d+$/.test(x)).length);process.exit()},1000)'
      const server = {
        name: 'greedy',
        workspace: 'personal',
        sandbox: 2,
        allowedPaths: [],
        allowedHosts: [],
        env: {},
        secretNames: [],
        running: { processes: 20 },
      } as unknown as ServerConfig
      const request = { executable: process.execPath, args: ['-e', fork], readable: [], secrets: {}, instance: 'a' }
      const confined = await sandbox.confine({ server, ...request })
      for (const one of await readdir(join(base, 'servers'), { recursive: true }))
        chownSync(join(base, 'servers', one), 65_534, 65_534)
      for (const one of [base, join(base, 'servers')]) chmodSync(one, 0o755)
      const child = spawn('/usr/bin/setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...confined.argv], {
        env: confined.env,
        cwd: '/',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [line] = await once(child.stdout, 'data')
      expect(Number(String(line))).toBeGreaterThan(20)
      expect(Number(String(line))).toBeLessThanOrEqual(20 * 8)
      child.kill('SIGKILL')
      await confined.release()
    },
  )
})
