import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '../../..')
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const tasksFixture = join(root, 'test/support/tasks-fixture/main.ts')
const fixture = join(root, 'test/support/everything-fixture/main.ts')

export interface RemoteServer {
  readonly url: string
  stop(): Promise<void>
}

/** The published server of the 1.x SDK. */
export async function everythingOver(transport: 'streamableHttp' | 'sse'): Promise<RemoteServer> {
  const preload = join(import.meta.dirname, 'loopback-only.mjs')
  const server = spawn(process.execPath, ['--import', preload, everything, transport], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const port = await lineOf(server, server.stderr, /^listening on (\d+)$/)
  return { url: `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`, stop: () => stopped(server) }
}

/** Our server of the 2.x SDK, which speaks both eras. */
export async function fixtureOverHttp(): Promise<RemoteServer> {
  const server = spawn(process.execPath, [fixture, '--http'], { stdio: ['ignore', 'pipe', 'ignore'] })
  return { url: await lineOf(server, server.stdout, /^(http:\S+)$/), stop: () => stopped(server) }
}

/** A server of 2026-07-28 that makes tasks itself. */
export async function tasksOverHttp(): Promise<RemoteServer> {
  const server = spawn(process.execPath, [tasksFixture, '--http'], { stdio: ['ignore', 'pipe', 'ignore'] })
  return { url: await lineOf(server, server.stdout, /^(http:\S+)$/), stop: () => stopped(server) }
}

async function lineOf(server: ChildProcess, stream: NodeJS.ReadableStream, wanted: RegExp): Promise<string> {
  let said = ''
  for await (const line of createInterface({ input: stream })) {
    said += `${line}\n`
    const found = wanted.exec(line)?.[1]
    if (found === undefined) continue
    stream.resume()
    return found
  }
  throw new Error(`the server ended (${server.exitCode}): ${said}`)
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
}
