import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { clientFilePath } from '../../shared/wire/client-file.ts'
import { bridgeBundle } from '../support/bridge-bundle.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

interface Message {
  id?: unknown
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

/** A bridge as an AI app starts it, with its lines. */
class Bridge {
  readonly messages: Message[] = []
  readonly stderr: string[] = []
  readonly exited: Promise<number | null>
  readonly #process: ChildProcess
  readonly #waiting = new Set<() => void>()

  constructor(bundle: string, home: string, args: readonly string[] = []) {
    this.#process = spawn(process.execPath, [bundle, '--client', 'editor', '--home', home, '--no-start', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.messages.push(JSON.parse(line) as Message)
      for (const check of [...this.#waiting]) check()
    })
    this.#process.stderr?.on('data', (chunk) => this.stderr.push(String(chunk)))
    this.exited = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)))
  }

  send(message: object): void {
    this.raw(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  raw(bytes: string): void {
    this.#process.stdin?.write(bytes)
  }

  closeInput(): void {
    this.#process.stdin?.end()
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  answer(id: unknown): Promise<Message> {
    return this.find((message) => message.id === id && message.method === undefined)
  }

  find(wanted: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      void this.exited.then(() => setTimeout(() => reject(new Error(`The bridge ended: ${this.stderr.join('')}`)), 100))
      const check = () => {
        const found = this.messages.find(wanted)
        if (!found) return
        this.#waiting.delete(check)
        resolve(found)
      }
      this.#waiting.add(check)
      check()
    })
  }

  async introduce(): Promise<Message> {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } }
    this.send({ id: 'hello', method: 'initialize', params })
    const answer = await this.answer('hello')
    this.send({ method: 'notifications/initialized' })
    return answer
  }

  call(id: unknown, name: string, given: object = {}): void {
    this.send({ id, method: 'tools/call', params: { name, arguments: given } })
  }
}

const textOf = (message: Message) => (message.result?.content as { text: string }[] | undefined)?.[0]?.text

let bundle: string
let gateway: InTestGateway
const bridges: Bridge[] = []

beforeAll(async () => {
  bundle = await bridgeBundle()
})
beforeEach(() => {
  let running: () => void = () => {}
  const started = new Promise<void>((resolve) => {
    running = resolve
  })
  gateway = new InTestGateway([
    {
      kind: 'tool',
      definition: { name: 'echo', inputSchema: { type: 'object' } },
      answer: ({ arguments: given }) => text(JSON.stringify(given)),
    },
    {
      kind: 'tool',
      definition: { name: 'forever', inputSchema: { type: 'object' } },
      answer: () => {
        running()
        return new Promise(() => {})
      },
    },
  ])
  Object.assign(gateway, { started })
  mkdirSync(join(gateway.home, 'clients'), { recursive: true })
  writeFileSync(
    clientFilePath(join(gateway.home, 'clients'), 'editor'),
    JSON.stringify({ id: gateway.client.id, name: 'editor', secret: gateway.secret.toString('base64url') }),
    { mode: 0o600 },
  )
})
afterEach(async () => {
  for (const bridge of bridges.splice(0)) bridge.kill()
  await gateway.close()
})

function aBridge(args: readonly string[] = []): Bridge {
  const bridge = new Bridge(bundle, gateway.home, args)
  bridges.push(bridge)
  return bridge
}

const foreverStarted = () => (gateway as InTestGateway & { started: Promise<void> }).started

describe('the bridge', () => {
  it('stays under 60 KB and needs nothing but Node', () => {
    expect(statSync(bundle).size).toBeLessThan(60_000)
  })

  it('carries a conversation both ways', async () => {
    await gateway.listen()
    const bridge = aBridge()
    expect((await bridge.introduce()).result?.serverInfo).toMatchObject({ name: 'gatehouse' })
    bridge.call(1, 'echo', { a: 'ä'.repeat(100_000) })
    expect(textOf(await bridge.answer(1))).toHaveLength(100_008)
  })

  it('answers a line of 50 MB and malformed JSON, each alone, and goes on', async () => {
    await gateway.listen()
    const bridge = aBridge()
    await bridge.introduce()
    bridge.raw(`{"jsonrpc":"2.0","id":"big","method":"tools/call","params":{"x":"${'y'.repeat(50 * 1024 * 1024)}"}}\n`)
    bridge.raw('{"jsonrpc": nonsense\n')
    bridge.call(2, 'echo')
    expect((await bridge.answer('big')).error?.data).toEqual({ 'gatehouse/code': 'wire.too-large' })
    expect((await bridge.answer(null)).error?.code).toBe(-32_700)
    expect(textOf(await bridge.answer(2))).toBe('{}')
  })

  it('answers what was running when the app went away, and goes on in the same session when it is back', async () => {
    await gateway.listen()
    const bridge = aBridge()
    await bridge.introduce()
    const before = [...gateway.sessions.keys()]
    bridge.call(1, 'forever')
    await foreverStarted()
    await gateway.socket?.close()
    expect((await bridge.answer(1)).error?.data).toEqual({ 'gatehouse/code': 'bridge.lost' })
    bridge.call(2, 'echo', { waited: true })
    await gateway.listen()
    expect(textOf(await bridge.answer(2))).toBe('{"waited":true}')
    expect([...gateway.sessions.keys()]).toEqual(before)
    expect(bridge.messages.filter(({ result }) => result?.serverInfo)).toHaveLength(1)
  })

  it('lets a 2026-07-28 client go on listening when the app is back, and ends what it is granted less of', async () => {
    gateway.entries.push({ kind: 'resource', definition: { uri: 'note:1', name: 'one' } })
    await gateway.listen()
    const bridge = aBridge()
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const listen = (id: string, notifications: object) =>
      bridge.send({ id, method: 'subscriptions/listen', params: { notifications, _meta } })
    const told = (method: string, id: string) =>
      bridge.messages.filter(
        (one) =>
          one.method === method &&
          (one.params?._meta as Record<string, unknown> | undefined)?.['io.modelcontextprotocol/subscriptionId'] === id,
      ).length
    const agreed = 'notifications/subscriptions/acknowledged'
    const changed = 'notifications/tools/list_changed'
    listen('listen:0', { toolsListChanged: true })
    listen('listen:1', { toolsListChanged: true, resourceSubscriptions: ['note:1'] })
    await expect.poll(() => [told(agreed, 'listen:0'), told(agreed, 'listen:1')]).toEqual([1, 1])
    await gateway.socket?.close()
    gateway.denies = ({ method }) => method === 'resources/subscribe'
    await gateway.listen()
    await expect.poll(() => told(changed, 'listen:0')).toBe(1)
    expect((await bridge.answer('listen:1')).result).toMatchObject({ resultType: 'complete' })
    gateway.listsChanged('tool')
    await expect.poll(() => told(changed, 'listen:0')).toBe(2)
    expect([told(agreed, 'listen:0'), told(agreed, 'listen:1'), told(changed, 'listen:1')]).toEqual([1, 1, 0])
  })

  it('answers requests that waited too long for the app', async () => {
    await gateway.listen()
    const bridge = aBridge()
    await bridge.introduce()
    await gateway.socket?.close()
    await expect.poll(() => bridge.stderr.join('')).toContain('waiting for it to come back')
    bridge.call(1, 'echo')
    expect((await bridge.answer(1)).error?.data).toEqual({ 'gatehouse/code': 'bridge.unreachable' })
  })

  it('says why a revoked client is refused', async () => {
    gateway.revoked = true
    await gateway.listen()
    const bridge = aBridge()
    bridge.send({ id: 1, method: 'initialize', params: {} })
    expect((await bridge.answer(1)).error?.message).toContain('revoked')
    expect(bridge.stderr.join('')).toContain('revoked')
  })

  it('refuses an app that cannot prove itself', async () => {
    gateway.secret.fill(9)
    await gateway.listen()
    const bridge = aBridge()
    bridge.send({ id: 1, method: 'initialize', params: {} })
    expect((await bridge.answer(1)).error?.message).toContain('could not prove')
  })

  it('ends when its input closes, after what it was still asked is answered', async () => {
    await gateway.listen()
    const bridge = aBridge()
    await bridge.introduce()
    bridge.call(1, 'echo')
    bridge.closeInput()
    expect(await bridge.exited).toBe(0)
    expect(textOf(await bridge.answer(1))).toBe('{}')
  })

  it('explains itself when an option is wrong', async () => {
    const bridge = aBridge(['--nonsense'])
    expect(await bridge.exited).toBe(2)
    expect(bridge.stderr.join('')).toContain('Usage: gatehouse-bridge')
  })
})

describe('the socket', () => {
  it('is there for this user only', async () => {
    await gateway.listen()
    expect(statSync(gateway.socketPath).mode & 0o777).toBe(0o600)
    expect(statSync(join(gateway.home, 'run')).mode & 0o777).toBe(0o700)
  })

  it('replaces the file a killed app left and refuses one that is answered on', async () => {
    mkdirSync(join(gateway.home, 'run'))
    writeFileSync(gateway.socketPath, '')
    await gateway.listen()
    const second = new InTestGateway([])
    Object.defineProperty(second, 'socketPath', { value: gateway.socketPath })
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await second.close()
  })

  it('hands a command line over with what followed its first line', async () => {
    const controls: string[] = []
    await gateway.listen({ controls })
    const socket = connect(gateway.socketPath)
    socket.write('{"gatehouse":"control","v":1}\nmore')
    await new Promise<void>((resolve) => socket.once('data', () => resolve()))
    expect(controls).toEqual(['{"gatehouse":"control","v":1}', 'more'])
  })

  it('cuts off whoever says neither', async () => {
    await gateway.listen()
    const socket = connect(gateway.socketPath)
    socket.write('GET / HTTP/1.1\n')
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  })

  it('ends a session some time after its bridge left', async () => {
    await gateway.listen({ graceMs: 10 })
    const bridge = aBridge()
    await bridge.introduce()
    const sessions = [...gateway.sessions.keys()]
    expect(sessions).toHaveLength(1)
    bridge.closeInput()
    await bridge.exited
    await expect.poll(() => gateway.ended).toEqual(sessions)
  })
})
