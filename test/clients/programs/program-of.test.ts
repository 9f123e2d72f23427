import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callerInode, linuxProcesses } from '../../../main/clients/programs/linux-processes.ts'
import { macProcesses } from '../../../main/clients/programs/mac-processes.ts'
import type { LocalConnection } from '../../../main/clients/programs/processes.ts'
import { Programs } from '../../../main/clients/programs/program-of.ts'
import type { RunTool } from '../../../main/clients/programs/run-tool.ts'
import { windowsProcesses } from '../../../main/clients/programs/windows-processes.ts'

const identities = { of: async () => undefined }
const connection: LocalConnection = { doorPort: 7777, callerAddress: '127.0.0.1', callerPort: 51234 }

describe.runIf(process.platform === 'linux')('on Linux', () => {
  const programs = new Programs(identities)

  it('the program behind a bridge is its parent, as /proc shows it', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gatehouse-program-')), 's')
    const server = createServer().listen(path)
    await once(server, 'listening')
    const script = `require('node:net').connect(${JSON.stringify(path)})`
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
    try {
      const [socket] = (await once(server, 'connection')) as [Socket]
      const program = await programs.ofBridge(child.pid ?? 0)
      expect(program).toMatchObject({ pid: process.pid, executable: process.execPath })
      expect(program?.parents.length).toBeGreaterThan(0)
      expect(program?.startedAt).toBeLessThanOrEqual(Date.now())
      socket.destroy()
    } finally {
      child.kill()
      server.close()
    }
  })

  it('is unknown for a pid that is nobody or holds no local socket', async () => {
    expect(await programs.ofBridge(0)).toBeUndefined()
    expect(await programs.ofBridge(2 ** 22 + 1)).toBeUndefined()
    const quiet = spawn('/bin/sleep', ['30'], { stdio: 'ignore' })
    try {
      await once(quiet, 'spawn')
      expect(await programs.ofBridge(quiet.pid ?? 0)).toBeUndefined()
    } finally {
      quiet.kill()
    }
  })

  it.each(['127.0.0.1', '::ffff:127.0.0.1'])(
    'the program at the other end of a connection to %s is found',
    async (to) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const script = `require('node:net').connect(${port}, ${JSON.stringify(to)}); setInterval(() => {}, 1000)`
      const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
      try {
        const [socket] = (await once(server, 'connection')) as [Socket]
        const callerPort = socket.remotePort ?? 0
        const ends = { doorPort: port, callerAddress: '127.0.0.1', callerPort }
        const program = await programs.ofCaller(ends)
        expect(program).toMatchObject({ pid: child.pid, executable: process.execPath })
        expect(await programs.ofCaller({ ...ends, callerPort: callerPort === 1 ? 2 : callerPort - 1 })).toBeUndefined()
      } finally {
        child.kill()
        server.close()
      }
    },
  )

  it('two callers with the same port at two addresses of this computer are told apart', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const first = once(server, 'connection')
    const own = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' })
    await first
    const second = once(server, 'connection')
    const there = JSON.stringify({ port, host: '127.0.0.1', localAddress: '127.0.0.2', localPort: own.localPort })
    const child = spawn(process.execPath, ['-e', `require('node:net').connect(${there}); setInterval(() => {}, 1000)`])
    try {
      const [other] = (await second) as [Socket]
      expect([other.remoteAddress, other.remotePort]).toEqual(['127.0.0.2', own.localPort])
      const at = (callerAddress: string) => ({ doorPort: port, callerAddress, callerPort: own.localPort ?? 0 })
      expect(await linuxProcesses.callerOf(at('127.0.0.1'))).toBe(process.pid)
      expect(await linuxProcesses.callerOf(at('127.0.0.2'))).toBe(child.pid)
    } finally {
      own.destroy()
      child.kill()
      server.close()
    }
  })

  it('a connection that is closing, or the door’s own end, is no caller', () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1E61 0100007F:C822 01 00000000:00000000 00:00000000 00000000  1000        0 111 1
   1: 0100007F:C822 0100007F:1E61 06 00000000:00000000 00:00000000 00000000  1000        0 222 1
   2: 0100007F:C822 0100007F:1E61 01 00000000:00000000 00:00000000 00000000  1000        0 333 1
`
    expect(callerInode(table, connection)).toBe('333')
    expect(callerInode(table.split('\n').slice(0, 3).join('\n'), connection)).toBeUndefined()
    expect(callerInode('', connection)).toBeUndefined()
  })
})

const ps = `    1     0 Mon Nov 24 09:00:01 2025     /sbin/launchd
  501     1 Mon Nov 24 09:12:33 2025     /Applications/My Editor.app/Contents/MacOS/My Editor
  620   501 Mon Nov 24 09:13:00 2025     /bin/zsh
  655   620 Mon Nov 24 09:13:02 2025     /opt/homebrew/bin/node
  700   655 Mon Nov 24 09:10:00 2025     /usr/local/bin/older-than-its-parent
`
const lsofTcp = `p655
f23
n127.0.0.1:51234->127.0.0.1:7777
p990
f31
n127.0.0.1:7777->127.0.0.1:51234
`

describe('on macOS, by samples of what its tools write', () => {
  const run: RunTool = async (command, args) => {
    if (command === '/bin/ps') return ps
    if (args.includes('-U'))
      return args.includes('620') ? Promise.reject(new Error('lsof ends with 1')) : 'p655\nf12\nn->0x1f\n'
    return args.includes('-iTCP:51234') ? lsofTcp : ''
  }
  const programs = new Programs(identities, macProcesses(run))

  it('the app behind a bridge is its nearest ancestor that launches nothing for others', async () => {
    expect(await programs.ofBridge(655)).toEqual({
      pid: 501,
      name: 'My Editor',
      executable: '/Applications/My Editor.app/Contents/MacOS/My Editor',
      startedAt: Date.parse('Mon Nov 24 09:12:33 2025'),
      parents: ['launchd'],
    })
    expect(await programs.ofBridge(620)).toBeUndefined()
    expect(await programs.ofBridge(4)).toBeUndefined()
  })

  it('the program at the other end of a connection is found, and the door is not it', async () => {
    expect(await programs.ofCaller(connection)).toMatchObject({ pid: 655, parents: ['zsh', 'My Editor', 'launchd'] })
    expect(await programs.ofCaller({ ...connection, callerAddress: '127.0.0.2' })).toBeUndefined()
    expect(await programs.ofCaller({ ...connection, callerPort: 7 })).toBeUndefined()
  })

  it('a pid used again is nobody’s parent', async () => {
    const line = await macProcesses(run).lineOf(700)
    expect(line.map(({ pid }) => pid)).toEqual([700])
  })
})

const cim = JSON.stringify([
  { ProcessId: 4, ParentProcessId: 0, Name: 'System', ExecutablePath: null, StartedAt: null },
  {
    ProcessId: 880,
    ParentProcessId: 4,
    Name: 'explorer.exe',
    ExecutablePath: 'C:\\Windows\\explorer.exe',
    StartedAt: 1000,
  },
  {
    ProcessId: 900,
    ParentProcessId: 880,
    Name: 'Editor.exe',
    ExecutablePath: 'C:\\Users\\Ioana Ș\\Editor.exe',
    StartedAt: 2000,
  },
  {
    ProcessId: 910,
    ParentProcessId: 900,
    Name: 'cmd.exe',
    ExecutablePath: 'C:\\Windows\\System32\\cmd.exe',
    StartedAt: 2500,
  },
  {
    ProcessId: 920,
    ParentProcessId: 910,
    Name: 'node.exe',
    ExecutablePath: 'C:\\Program Files\\node.exe',
    StartedAt: 3000,
  },
  { ProcessId: 930, ParentProcessId: 920, Name: 'old.exe', ExecutablePath: 'C:\\old.exe', StartedAt: 1500 },
])

describe('on Windows, by samples of what PowerShell writes', () => {
  const asked: Readonly<Record<string, string>>[] = []
  const run: RunTool = async (_, args, environment = {}) => {
    const script = String(args.at(-1))
    if (script.includes('Win32_Process')) return `${cim}\r\n`
    asked.push(environment)
    return environment.CALLER_PORT === '51234' ? '920\r\n' : ''
  }
  const programs = new Programs(identities, windowsProcesses(run))

  it('the app behind a bridge is its nearest ancestor that launches nothing for others', async () => {
    expect(await programs.ofBridge(920)).toEqual({
      pid: 900,
      name: 'Editor.exe',
      executable: 'C:\\Users\\Ioana Ș\\Editor.exe',
      startedAt: 2000,
      parents: ['explorer.exe'],
    })
    expect(await programs.ofBridge(4)).toBeUndefined()
    expect((await windowsProcesses(run).lineOf(930)).map(({ pid }) => pid)).toEqual([930])
  })

  it('the program at the other end of a connection is asked for by its address and port, in no script', async () => {
    expect(await programs.ofCaller(connection)).toMatchObject({ pid: 920, name: 'node.exe' })
    expect(asked[0]).toEqual({ CALLER_ADDRESS: '127.0.0.1', CALLER_PORT: '51234', DOOR_PORT: '7777' })
    expect(await programs.ofCaller({ ...connection, callerPort: 7 })).toBeUndefined()
  })

  it('one process alone is no list, and nonsense is nobody', async () => {
    const one = JSON.stringify({
      ProcessId: 5,
      ParentProcessId: 1,
      Name: 'a.exe',
      ExecutablePath: 'C:\\a.exe',
      StartedAt: 1,
    })
    expect((await windowsProcesses(async () => one).lineOf(5)).length).toBe(1)
    for (const text of ['', 'Get-CimInstance : Access denied', '{"a":1}'])
      expect(await windowsProcesses(async () => text).lineOf(5)).toEqual([])
  })
})
