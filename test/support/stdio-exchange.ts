import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Confinement } from '../../main/sandbox/sandbox.ts'

/** Starts a confined MCP server, says hello, and asks for its tools. @returns their names; ends the server */
export async function toolsOf(confinement: Confinement): Promise<string[]> {
  const [executable = '', ...args] = confinement.argv
  const child = spawn(executable, args, { env: confinement.env, cwd: confinement.cwd, detached: true })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const lines = createInterface({ input: child.stdout })
  const ended = new Promise<never>((_, failed) =>
    child.once('exit', (code, signal) => failed(new Error(`the server ended (${code ?? signal}): ${complaint}`))),
  )
  ended.catch(() => {})
  const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const answer = (id: number) => {
    const found = new Promise<{ tools?: { name: string }[] }>((done, failed) =>
      lines.on('line', (line) => {
        const message = JSON.parse(line)
        if (message.id !== id || message.method) return
        if (message.error) failed(new Error(message.error.message))
        else done(message.result)
      }),
    )
    return Promise.race([found, ended])
  }
  try {
    const hello = answer(1)
    const clientInfo = { name: 'test', version: '1' }
    say({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } })
    await hello
    say({ method: 'notifications/initialized' })
    const listed = answer(2)
    say({ id: 2, method: 'tools/list' })
    return ((await listed).tools ?? []).map((tool) => tool.name)
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
}
