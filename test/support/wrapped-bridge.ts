import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '..', '..')
const node = join(root, 'node_modules', 'node', 'bin', 'node')
const supergateway = join(root, 'node_modules', 'supergateway', 'dist', 'index.js')

/**
 * The bridge, made an HTTP server again by someone else's program, because the suite speaks only HTTP. That program starts
 * a bridge for every request, so on a busy machine a scenario that measures time may fail in the crowd; it then has to
 * pass by itself.
 */
export async function wrapped(command: readonly string[]): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort()
  const args = ['--stdio', `exec ${command.join(' ')}`, '--outputTransport', 'streamableHttp', '--stateful']
  const run = spawn(node, [supergateway, ...args, '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const line of createInterface({ input: run.stdout })) if (line.includes('Listening on port')) break
  run.stdout.resume()
  return { url: `http://127.0.0.1:${port}/mcp`, process: run }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
