import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect } from 'vitest'
import { runCli } from '../../main/cli/cli.ts'
import { type AskPerson, ControlShell } from '../../main/shells/control/control-shell.ts'
import { aShellWorld, passphrase } from '../shells/shell-world.ts'

let home: string
const closing: (() => unknown)[] = []

/** For each test of the file that says so, a data folder of its own. */
export function eachInOwnHome(): void {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'gatehouse-cli-'))
    await mkdir(join(home, 'run'))
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
    await rm(home, { recursive: true, force: true })
  })
}

/** An app with the control shell on a real socket, and no window unless one is given. */
export async function anApp(options: { askPerson?: AskPerson; operatorSet?: boolean } = {}) {
  const world = aShellWorld(options)
  const runFolder = join(home, 'run')
  const shell = new ControlShell({
    ...world,
    runFolder,
    askPerson: () => options.askPerson,
    log: { error: (fields) => expect.fail(JSON.stringify(fields)) },
  })
  const sockets = new Set<{ destroy: () => void }>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('data', (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a)
      shell.accept(socket, chunk.subarray(0, end).toString(), chunk.subarray(end + 1))
    })
  })
  const socket = join(runFolder, 'elsewhere.sock')
  server.listen(socket)
  await once(server, 'listening')
  await writeFile(join(runFolder, 'endpoint.json'), JSON.stringify({ socket }))
  const stop = () => {
    for (const open of sockets) open.destroy()
    server.close()
  }
  closing.push(stop)
  return { ...world, stop }
}

interface RunOptions {
  env?: NodeJS.ProcessEnv
  stdin?: string
}
export function launch(args: string[], { env = {}, stdin = '' }: RunOptions = {}) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const exit = runCli(['--home', home, ...args], {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    env,
    workingFolder: '/somewhere',
    isTerminal: () => false,
  }).finally(() => {
    stdout.end()
    stderr.end()
  })
  return { stdout, stderr, exit }
}
export async function gatehouse(args: string[], options: RunOptions = {}) {
  const { stdout, stderr, exit } = launch(args, options)
  const [out, err, code] = await Promise.all([text(stdout), text(stderr), exit])
  return { out, err, code }
}
export const withPassphrase = { env: { GATEHOUSE_OPERATOR_PASSPHRASE: passphrase } }
