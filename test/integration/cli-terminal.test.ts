import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ControlShell } from '../../main/shells/control/control-shell.ts'
import { aShellWorld, passphrase } from '../shells/shell-world.ts'
import { cliBundle } from '../support/cli-bundle.ts'

let cli: string
let home: string
const closing: (() => unknown)[] = []
beforeAll(async () => {
  cli = await cliBundle()
})
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-terminal-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(home, { recursive: true, force: true })
})

/** An app whose socket lies where the data folder says, without any window. */
async function anApp(options: { operatorSet?: boolean } = {}) {
  const world = aShellWorld(options)
  world.answers['system.setup'] = () => ({
    firstRunDone: true,
    operatorSet: world.operator.set,
    keychain: 'file',
    sandbox: { available: true, kind: 'bubblewrap' },
    home,
    homeFolder: '/home/me',
    language: 'en',
    theme: 'system',
    notices: [],
  })
  const runFolder = join(home, 'run')
  await mkdir(runFolder)
  const shell = new ControlShell({
    ...world,
    runFolder,
    askPerson: () => undefined,
    log: { error: (fields) => expect.fail(JSON.stringify(fields)) },
  })
  const server = createServer((socket) => {
    socket.once('data', (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a)
      shell.accept(socket, chunk.subarray(0, end).toString(), chunk.subarray(end + 1))
    })
  })
  server.listen(join(runFolder, 'kernel.sock'))
  await once(server, 'listening')
  closing.push(() => server.close())
  return world
}

const gatehouse = (args: string) => `'${process.execPath}' '${cli}' --home '${home}' ${args}`
const cleanEnvironment = { PATH: process.env.PATH ?? '', TERM: 'xterm', SHELL: '/bin/sh' }

/** A shell on a terminal of its own. `types` are typed one by one, each after the next prompt. */
async function onTerminal(command: string, types: readonly string[] = []) {
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], { env: cleanEnvironment })
  closing.push(() => terminal.kill())
  let screen = ''
  let answered = 0
  terminal.stdout.on('data', (chunk: Buffer) => {
    screen += chunk
    const prompts = screen.match(/(?:passphrase[^\n]*|again): $/gm)?.length ?? 0
    const typed = types[answered]
    if (prompts === 0 || typed === undefined || !/: $/.test(screen)) return
    answered += 1
    terminal.stdin.write(`${typed}\r`)
  })
  const [code] = await once(terminal, 'close')
  return { screen, code: code as number, answered }
}

/** A program without a terminal, as an AI app's shell tool starts one. */
async function withoutTerminal(command: string) {
  const program = spawn('setsid', ['-w', 'sh', '-c', command], {
    env: cleanEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([text(program.stdout), text(program.stderr), once(program, 'close')])
  return { out, err, code: code as number }
}

describe.skipIf(process.platform !== 'linux')('the command line on a terminal', () => {
  it('asks for the passphrase without showing it, and says when it is wrong', async () => {
    const { seen } = await anApp()
    const { screen, code } = await onTerminal(gatehouse('servers disable x'), ['not this one', passphrase])
    expect(screen).toContain('Operator passphrase:')
    expect(screen).toContain('not right')
    expect(screen).not.toContain(passphrase)
    expect(screen).toContain('x: disabled.')
    expect(code).toBe(0)
    expect(seen.map((call) => call.channel)).toEqual(['servers.disable'])
    expect(seen[0]?.caller.description).toMatch(/command line \(pid \d+: .*node.* ← /i)
  })

  it('asks once a terminal session for contents, and each time for changes', async () => {
    await anApp()
    const logs = gatehouse('servers logs x')
    const twice = await onTerminal(`${logs}; ${logs}; true`, [passphrase])
    expect(twice.answered).toBe(1)
    expect(twice.screen.match(/line one/g)).toHaveLength(2)
    const disable = gatehouse('servers disable x')
    expect((await onTerminal(`${disable}; ${disable}; true`, [passphrase, passphrase])).answered).toBe(2)
  })

  it('does not show contents to another program on the same terminal', async () => {
    await anApp()
    const logs = gatehouse('servers logs x')
    const { answered, screen } = await onTerminal(`${logs}; sh -c "${logs}; true"; true`, [passphrase, passphrase])
    expect(answered).toBe(2)
    expect(screen.match(/line one/g)).toHaveLength(2)
  })

  it('refuses a program without a terminal whatever its environment says', async () => {
    const { seen } = await anApp()
    const claims = 'GATEHOUSE_SHELL=electron DISPLAY=:0 SSH_TTY=/dev/pts/0 TERM=xterm'
    for (const verb of ['approvals approve ap_call', 'permissions allow --tool "*"', 'servers logs x', 'call x__y']) {
      const { code, err } = await withoutTerminal(`${claims} ${gatehouse(verb)}`)
      expect(code).toBe(1)
      expect(err).toContain('operator passphrase')
    }
    expect(seen).toEqual([])
  })

  it('lets the first passphrase be set on a terminal, and not by a program without one', async () => {
    const { seen } = await anApp({ operatorSet: false })
    const program = await withoutTerminal(`echo 'its very own' | ${gatehouse('operator set')}`)
    expect(program).toMatchObject({ code: 1 })
    expect(program.err).toContain('No operator passphrase is set')
    expect(seen.filter((call) => call.channel === 'system.setOperator')).toEqual([])
    const person = await onTerminal(gatehouse('operator set'), [passphrase, passphrase])
    expect(person.screen).toContain('is set')
    expect(person.screen).not.toContain(passphrase)
    expect(seen.at(-1)).toMatchObject({ channel: 'system.setOperator', input: { passphrase } })
  })

  it('ends with 3 and one sentence when nothing runs', async () => {
    const { code, err, out } = await withoutTerminal(gatehouse('tools list'))
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(err).toMatch(/^Gatehouse is not running .*gatehouse start\n$/)
  })
})
