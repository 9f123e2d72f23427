import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../../main/sandbox/limits.ts'
import { processTree, sampleProcess } from '../../main/sandbox/process-tree.ts'
import { type SandboxOptions, SystemSandbox } from '../../main/sandbox/system-sandbox.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-ways-')))
const dataFolder = join(base, 'data')
const serverTemp = join(base, 'servers')
const sandboxes: SystemSandbox[] = []
const aSandbox = (options: Partial<SandboxOptions> = {}) => {
  const sandbox = new SystemSandbox({ dataFolder, serverTemp, ...options })
  sandboxes.push(sandbox)
  return sandbox
}
const aServer = (change: Partial<ServerConfig> = {}): ServerConfig => ({
  name: 'one' as ServerName,
  workspace: defaultWorkspace,
  origin: { kind: 'command', command: 'node', args: [] },
  sandbox: 2,
  allowedPaths: [],
  allowedHosts: [],
  env: {},
  secretNames: [],
  trusted: false,
  shared: false,
  enabled: true,
  addedAt: 0 as EpochMs,
  ...change,
})
const nodeRunning = (code: string) => ({
  executable: process.execPath,
  args: ['-e', code],
  readable: [],
  secrets: {},
  instance: 'a',
})

beforeAll(() => mkdirSync(dataFolder))
afterAll(async () => {
  for (const sandbox of sandboxes) await sandbox.stop()
  rmSync(base, { recursive: true, force: true })
})

describe.runIf(process.platform === 'linux')('the sandbox', () => {
  it('says which one it is', async () => {
    expect(await aSandbox().status()).toMatchObject({ available: true, kind: expect.stringMatching(/^bubblewrap \d/) })
  })

  it('refuses levels above 0 where there is none, and says what to do', async () => {
    const sandbox = aSandbox({ platform: 'win32' })
    expect(await sandbox.status()).toMatchObject({
      available: false,
      problem: expect.any(String),
      remedy: expect.any(String),
    })
    await expect(sandbox.confine({ server: aServer(), ...nodeRunning('') })).rejects.toMatchObject({
      code: 'sandbox.unavailable',
      params: { server: 'one', remedy: expect.stringContaining('level 0') },
    })
    const plain = await sandbox.confine({ server: aServer({ sandbox: 0 }), ...nodeRunning('') })
    expect(plain.argv).toEqual([process.execPath, '-e', ''])
    expect(plain.describe).toBe('not confined')
  })

  it('starts the program directly, with no secret and no proxy password on the command line', async () => {
    const sandbox = aSandbox()
    const confined = await sandbox.confine({
      server: aServer({ secretNames: ['KEY'] }),
      ...nodeRunning(''),
      secrets: { KEY: 'very-secret' },
    })
    expect(confined.argv[0]).toBe('/usr/bin/bwrap')
    const proxy = URL.parse(confined.env.HTTPS_PROXY ?? '')
    expect(proxy?.password).toMatch(/^[0-9a-f]{32}$/)
    const line = confined.argv.join(' ')
    expect(line).not.toContain('very-secret')
    expect(line).not.toContain(proxy?.password)
    expect(confined.env.KEY).toBe('very-secret')
    await confined.release()
  })

  it('keeps the app’s environment out at level 0 too, but for the basics', async () => {
    const sandbox = aSandbox({
      env: { PATH: '/usr/bin', HOME: '/home/x', GATEHOUSE_VAULT_PASSPHRASE: 'no', AWS_SECRET_ACCESS_KEY: 'no' },
    })
    const plain = await sandbox.confine({ server: aServer({ sandbox: 0, env: { A: 'b' } }), ...nodeRunning('') })
    expect(plain.env).toEqual({ PATH: '/usr/bin', HOME: '/home/x', A: 'b' })
  })

  it.each([
    ['a program that does not exist', { executable: 'gatehouse-no-such-program' }, {}, 'there is no program'],
    ['loader variables', {}, { env: { LD_PRELOAD: '/tmp/x.so' } }, 'LD_PRELOAD'],
    [
      'Gatehouse’s own folder',
      {},
      { allowedPaths: [{ path: dataFolder, access: 'read' as const }] },
      'belongs to Gatehouse',
    ],
    [
      'a folder that is gone',
      {},
      { allowedPaths: [{ path: join(base, 'gone'), access: 'read' as const }] },
      'does not exist',
    ],
    ['a package folder around everything', { readable: [base] }, {}, 'too broad'],
  ])('refuses %s in words', async (_what, request, change, words) => {
    const confining = aSandbox().confine({ server: aServer(change), ...nodeRunning(''), ...request })
    await expect(confining).rejects.toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringContaining(words) },
    })
  })

  it('refuses an allowed folder that became a link to somewhere else', async () => {
    const link = join(base, 'swapped')
    symlinkSync('/etc', link)
    const server = aServer({ allowedPaths: [{ path: link, access: 'write' }] })
    await expect(aSandbox().confine({ server, ...nodeRunning('') })).rejects.toMatchObject({
      params: { problem: expect.stringContaining('is now a link') },
    })
  })

  it('hides Gatehouse’s data inside an allowed folder, and keys inside an allowed home', async () => {
    const home = join(base, 'person')
    const inside = join(home, 'gatehouse')
    for (const folder of ['.ssh', 'gatehouse']) mkdirSync(join(home, folder), { recursive: true })
    writeFileSync(join(home, '.ssh/id'), 'key')
    writeFileSync(join(inside, 'gatehouse.db'), 'data')
    const sandbox = aSandbox({ home, dataFolder: inside })
    const code = `const fs=require('fs');const see=(f)=>{try{return fs.readdirSync(f).join()}catch(e){return e.code}};console.log(JSON.stringify([see('${home}/.ssh'),see('${inside}')]))`
    const confined = await sandbox.confine({
      server: aServer({ allowedPaths: [{ path: home, access: 'write' }] }),
      ...nodeRunning(code),
    })
    const [program = '', ...args] = confined.argv
    const child = spawn(program, args, { env: confined.env, cwd: confined.cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout, 'data')
    expect(JSON.parse(String(line))).toEqual(['', ''])
    await once(child, 'close')
    await confined.release()
  })

  it('ends a server that uses more memory than it may, and says so', async () => {
    const sandbox = aSandbox({
      limits: { ...defaultLimits, memoryBytes: 150 * 1024 ** 2 },
    })
    const greedy = 'const kept=[];setInterval(()=>kept.push(Buffer.alloc(20e6,1)),50)'
    const confined = await sandbox.confine({ server: aServer({ sandbox: 3 }), ...nodeRunning(greedy) })
    const [program = '', ...args] = confined.argv
    const child = spawn(program, args, { env: confined.env, cwd: confined.cwd, stdio: 'ignore', detached: true })
    const said = new Promise<string>((done) => confined.guard(child.pid ?? 0, done))
    expect(await said).toContain('150 MB')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    await confined.release()
  })

  it('dies with the process that started it, even by kill -9, without the warden', async () => {
    const confined = await aSandbox().confine({ server: aServer(), ...nodeRunning('setInterval(()=>{},1e3)') })
    const starter = `const [p,...a]=${JSON.stringify(confined.argv)};const c=require('child_process').spawn(p,a,{env:${JSON.stringify(confined.env)},cwd:${JSON.stringify(confined.cwd)},detached:true,stdio:'ignore'});console.log(c.pid);setInterval(()=>{},1e3)`
    const app = spawn(process.execPath, ['-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(app.stdout, 'data')
    const pid = Number(String(line))
    // bubblewrap ties itself to its parent as it starts; a parent killed before that is the warden's case
    await expect.poll(() => processTree(pid).length, { timeout: 10_000 }).toBeGreaterThan(2)
    app.kill('SIGKILL')
    await expect.poll(() => sampleProcess(pid)).toBeUndefined()
    await confined.release()
  })

  it('names the processes it needs itself, so that the warden can end them with the app', async () => {
    const helpers: number[] = []
    // The library serves all sandboxes of a process: the former ones have to be gone for it to start afresh.
    for (const sandbox of sandboxes) await sandbox.stop()
    const sandbox = aSandbox({ onHelper: (pid) => helpers.push(pid) })
    const confined = await sandbox.confine({ server: aServer(), ...nodeRunning('') })
    expect(helpers).toHaveLength(1)
    expect(sampleProcess(helpers[0] ?? 0)?.parent).toBe(process.pid)
    await confined.release()
    await sandbox.stop()
    await expect.poll(() => sampleProcess(helpers[0] ?? 0)).toBeUndefined()
  })

  it('names each refused host once, and wipes the temp folder at the end', async () => {
    const code = `fs=require('fs');fs.writeFileSync(process.env.TMPDIR+'/x','1');(async()=>{for(const u of ['http://refused.example.com/','http://refused.example.com/again'])await fetch(u).then(r=>r.text()).catch(()=>{})})()`
    const confined = await aSandbox().confine({ server: aServer(), ...nodeRunning(code) })
    const heard: unknown[] = []
    confined.onDeniedHost((refused) => heard.push(refused))
    const [program = '', ...args] = confined.argv
    const child = spawn(program, args, { env: confined.env, cwd: confined.cwd, stdio: 'ignore' })
    await once(child, 'close')
    expect(confined.deniedHosts()).toEqual([{ host: 'refused.example.com', port: 80 }])
    expect(heard).toEqual(confined.deniedHosts())
    const temp = confined.env.TMPDIR ?? ''
    expect(existsSync(join(temp, 'x'))).toBe(true)
    await confined.release()
    expect(existsSync(temp)).toBe(false)
  })

  const canChangeUser = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv')
  it.runIf(canChangeUser)('works for an ordinary user as well as for the administrator of a container', async () => {
    const confined = await aSandbox().confine({
      server: aServer({ sandbox: 3 }),
      ...nodeRunning('console.log(process.getuid())'),
    })
    // The same arguments, by somebody without any privilege; the folders are then theirs.
    const own = confined.cwd
    const give = spawn('/bin/chown', ['-R', '65534:65534', join(base, 'servers')])
    await once(give, 'close')
    const open = spawn('/bin/chmod', ['755', base])
    await once(open, 'close')
    const child = spawn('/usr/bin/setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...confined.argv], {
      env: confined.env,
      cwd: own,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    expect(String(line).trim()).toBe('65534')
    await once(child, 'close')
    await confined.release()
  })
})
