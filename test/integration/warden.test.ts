import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'
import { sampleProcess } from '../../main/sandbox/process-tree.ts'
import { identify } from '../../main/supervisor/warden/processes.ts'
import { reapLeftovers, writeRecord } from '../../main/supervisor/warden/record.ts'
import { Warden } from '../../main/supervisor/warden/warden.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-warden-'))
const bundle = async (name: string, input: string) => {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: input,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  })
  return join(folder, `${name}.mjs`)
}
/** A server that ignores SIGTERM and starts a child of its own. */
const stubborn = `process.on('SIGTERM',()=>{});const c=require('child_process').spawn(process.execPath,['-e','setInterval(()=>{},1e3)']);console.log(c.pid);setInterval(()=>{},1e3)`

async function aServer() {
  const server = spawn(process.execPath, ['-e', stubborn], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = await once(server.stdout, 'data')
  return { server, pid: server.pid ?? 0, child: Number(String(line)) }
}
const gone = (pid: number) => expect.poll(() => sampleProcess(pid), { interval: 50 }).toBeUndefined()

describe.runIf(process.platform === 'linux')('the warden', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundle('warden', 'main/supervisor/warden/warden-process.ts')
  })

  it('is one small file without packages', () => {
    const text = readFileSync(script, 'utf8')
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toMatch(/from\s*["'](?!node:)/)
  })

  it('ends every server and its children when the app is killed with -9', async () => {
    const app = join(folder, 'app.mjs')
    const client = await bundle('client', 'main/supervisor/warden/warden.ts')
    writeFileSync(
      app,
      `import { Warden } from ${JSON.stringify(client)}
       import { spawn } from 'node:child_process'
       const warden = new Warden({ node: process.execPath, script: ${JSON.stringify(script)}, recordFile: ${JSON.stringify(join(folder, 'run', 'a.json'))} })
       const server = spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
       server.stdout.once('data', (line) => { warden.watch(server.pid); console.log(JSON.stringify([server.pid, Number(String(line)), warden.pid])) })`,
    )
    const running = spawn(process.execPath, [app], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(running.stdout, 'data')
    const [server, child, warden] = JSON.parse(String(line)) as [number, number, number]
    expect([server, child, warden].map((pid) => sampleProcess(pid)?.pid)).toEqual([server, child, warden])
    running.kill('SIGKILL')
    await gone(server)
    await gone(child)
    await gone(warden)
  })

  it('leaves a server alone that it was told has ended in good order', async () => {
    const { server, pid, child } = await aServer()
    const warden = new Warden({ node: process.execPath, script, recordFile: join(folder, 'run', 'b.json') })
    warden.watch(pid)
    warden.unwatch(pid)
    await warden.stop()
    expect(sampleProcess(pid)?.pid).toBe(pid)
    process.kill(-pid, 'SIGKILL')
    await once(server, 'exit')
    await gone(child)
  })

  it('is started again when it was killed itself, and still knows what to end', async () => {
    const { pid, child } = await aServer()
    const warden = new Warden({ node: process.execPath, script, recordFile: join(folder, 'run', 'c.json') })
    warden.watch(pid)
    const first = warden.pid ?? 0
    process.kill(first, 'SIGKILL')
    await expect.poll(() => warden.pid !== undefined && warden.pid !== first).toBe(true)
    await warden.stop()
    await gone(pid)
    await gone(child)
  })

  it('reaps what a former run left, and never a process that only has the same number', async () => {
    const leftover = await aServer()
    const stranger = await aServer()
    const record = join(folder, 'run', 'd.json')
    const known = identify(leftover.pid)
    const other = identify(stranger.pid)
    if (!known || !other) throw new Error('the servers did not start')
    writeRecord(record, [known, { ...other, started: String(Number(other.started) - 1000), boot: 'another boot' }])
    expect(reapLeftovers(record)).toBe(1)
    await gone(leftover.pid)
    await gone(leftover.child)
    expect(sampleProcess(stranger.pid)?.pid).toBe(stranger.pid)
    expect(existsSync(record)).toBe(false)
    process.kill(-stranger.pid, 'SIGKILL')
    await once(stranger.server, 'exit')
  })

  it('takes a damaged record as an empty one', () => {
    const record = join(folder, 'run', 'e.json')
    writeFileSync(record, '{"pid":1')
    expect(reapLeftovers(record)).toBe(0)
    writeFileSync(record, '[{"pid":1,"started":"1","boot":""},{"pid":"2"},null]')
    expect(reapLeftovers(record)).toBe(0)
  })
})
