import { createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { RemoteHttp } from '../../../main/supervisor/remote/remote-http.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { aSupervisor, textOf } from '../../support/a-supervisor.ts'
import {
  type Behaviours,
  json,
  type RoughServer,
  result,
  roughServer,
  said,
  stream,
} from '../../support/remote-servers/rough-server.ts'

let gatehouse: ReturnType<typeof aSupervisor>
let server: RoughServer | undefined
afterEach(async () => {
  await gatehouse?.end()
  await server?.close()
  server = undefined
})

const limits = { remote: { headMs: 400, bodyMs: 400, quietMs: 200, againMs: 20, longestMessage: 1024 * 1024 } }

/** Added while it behaves, then `behaviours`. */
async function turned(behaviours: Behaviours) {
  server = await roughServer()
  gatehouse = aSupervisor({ limits })
  await gatehouse.addRemote('far', server.url, { headers: [] })
  server.behave(behaviours)
  return gatehouse
}
const failing = async (behaviours: Behaviours) => {
  const { call } = await turned(behaviours)
  const error = await call('far__do', {}, { deadlineMs: 5000 }).then(
    (reply) => Promise.reject(new Error(`it answered ${JSON.stringify(reply)}`)),
    (caught: { code: string; params: Record<string, string> }) => caught,
  )
  return { code: error.code, problem: error.params?.problem }
}
const redirect = (location: string) => ({ 'tools/call': moved(location) })
const moved =
  (location: string, status = 307): Behaviours[string] =>
  (response) =>
    void response.writeHead(status, { location }).end()

describe('a redirect', () => {
  it.each([
    ['file:', 'file:///etc/passwd'],
    ['a link-local address', 'http://169.254.169.254/latest/meta-data'],
    ['another port of this computer', 'http://127.0.0.1:1/mcp'],
    ['another host', 'https://elsewhere.example/mcp'],
    ['data:', 'data:application/json,{}'],
  ])('to %s is not followed', async (_name, location) => {
    const { code, problem } = await failing(redirect(location))
    expect(code).toBe('server.failed')
    expect(problem).toContain('which is not localhost')
  })

  it('within the origin is followed, a few times', async () => {
    const { call } = await turned({})
    let left = 2
    server?.behave({
      'tools/call': (response, heard) =>
        left-- > 0 ? moved('/mcp')(response, heard) : json(response, said(heard, 'there')),
    })
    expect(textOf(await call('far__do'))).toBe('there')
    server?.behave({ 'tools/call': moved('/mcp') })
    await expect(call('far__do')).rejects.toMatchObject({ code: 'server.failed' })
  })

  it('that would make a GET of a call is not followed', async () => {
    const { problem } = await failing({ 'tools/call': moved('/other', 302) })
    expect(problem).toContain('/other')
  })
})

describe('a name that leads into this computer', () => {
  it('is not connected to when it was given as one of the internet, however it was checked before', async () => {
    server = await roughServer()
    gatehouse = aSupervisor()
    const address = { url: new URL(server.url), place: 'internet', encrypted: false } as const
    const http = new RemoteHttp({ address, headers: { authorization: 'Bearer planted' }, tls: {} })
    const ask = { method: 'GET', headers: {}, signal: new AbortController().signal } as const
    await expect(http.open(ask)).rejects.toThrow('leads to 127.0.0.1')
    expect(server.heard).toEqual([])
  })
})

describe('an answer', () => {
  it('over the limit ends the call, as a document and as an event', async () => {
    const large = 'x'.repeat(2 * 1024 * 1024)
    expect(
      (await failing({ 'tools/call': (response, heard) => json(response, said(heard, large)) })).problem,
    ).toContain('48 MB')
    await gatehouse.end()
    await server?.close()
    const { problem } = await failing({
      'tools/call': (response) => {
        const send = stream(response)
        for (let piece = 0; piece < 40; piece++) send(`data: ${'x'.repeat(64 * 1024)}\n`)
      },
    })
    expect(problem).toContain('48 MB')
  })

  it('that drips is given up', async () => {
    const { problem } = await failing({
      'tools/call': (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 50)
        response.on('close', () => clearInterval(drip))
      },
    })
    expect(problem).toContain('did not end within')
  })

  it('cut off in the middle is a clear error', async () => {
    const { problem } = await failing({
      'tools/call': (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"jsonrpc"')
        setTimeout(() => response.destroy(), 20)
      },
    })
    expect(problem).toContain('broke off')
  })

  it('that is a stream without numbers, cut before the answer, says that nobody knows whether it was done', async () => {
    const { problem } = await failing({
      'tools/call': (response) => {
        stream(response)(': hello\n\n')
        response.end()
      },
    })
    expect(problem).toContain('Whether it was done is not known')
  })

  it.each<[string, Behaviours[string], string]>([
    ['to another request', (response, heard) => json(response, { ...said(heard, 'x'), id: 999 }), 'does not answer it'],
    [
      'that is HTML',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'text/html',
    ],
    [
      'that is no JSON',
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      'does not answer it',
    ],
    ['without content', (response) => void response.writeHead(202).end(), 'instead of MCP'],
    [
      'compressed',
      (response, heard) => json(response, said(heard, 'x'), 200, { 'content-encoding': 'gzip' }),
      'compressed',
    ],
    ['of trouble', (response) => void response.writeHead(503).end('busy'), 'HTTP 503'],
    ['to slow down', (response) => void response.writeHead(429).end(), 'slow down'],
    ['to sign in', (response) => void response.writeHead(401).end(), 'HTTP 401'],
    ['of refusal', (response) => void response.writeHead(403).end(), 'HTTP 403'],
  ])('%s is a clear error', async (_name, behaviour, words) => {
    expect((await failing({ 'tools/call': behaviour })).problem).toContain(words)
  })

  it('twice is taken once, and what is not UTF-8 or for nobody disturbs nothing', async () => {
    const { call } = await turned({
      'tools/call': (response, heard) => {
        const send = stream(response)
        send('data: {"jsonrpc":"2.0","id":12345,"result":{}}\n\ndata: [1,"x",null]\n\n')
        response.write(Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x0a, 0x0a]))
        send(`data: ${JSON.stringify(said(heard, 'first'))}\n\ndata: ${JSON.stringify(said(heard, 'second'))}\n\n`)
        response.end()
      },
    })
    expect(textOf(await call('far__do'))).toBe('first')
    expect(textOf(await call('far__do'))).toBe('first')
  })

  it('with an error in MCP’s own form passes as it came, whatever the HTTP status', async () => {
    const { call } = await turned({
      'tools/call': (response, { message }) =>
        json(
          response,
          { jsonrpc: '2.0', id: message.id, error: { code: -32050, message: 'no', data: { why: 1 } } },
          422,
        ),
    })
    const error = { code: -32050, message: 'no', data: { why: 1 } }
    expect(await call('far__do')).toEqual({ kind: 'error', error })
  })
})

describe('a stream', () => {
  it('that was cut is taken up after its last event, when the server numbers them', async () => {
    const { call } = await turned({})
    server?.behave({
      'tools/call': (response, heard) => {
        stream(response)('id: 7\nretry: 30\ndata:\n\n')
        response.end()
        server?.behave({
          GET: (again, { headers }) => {
            if (headers['last-event-id'] !== '7') return void again.writeHead(405).end()
            stream(again)(`id: 8\ndata: ${JSON.stringify(said(heard, 'taken up'))}\n\n`)
            again.end()
          },
        })
      },
    })
    expect(textOf(await call('far__do'))).toBe('taken up')
  })

  it('that stands for what is said unasked comes back after it was cut', async () => {
    let streams = 0
    const { call } = await turned({
      GET: (response) => {
        stream(response)(`id: ${++streams}\nretry: 20\ndata:\n\n`)
        if (streams === 1) response.end()
        else resumed()
      },
    })
    let resumed = () => {}
    const cameBack = new Promise<void>((resolve) => {
      resumed = resolve
    })
    await call('far__do')
    await cameBack
    expect(server?.heard.filter(({ method }) => method === 'GET').at(-1)?.headers['last-event-id']).toBe('1')
  })
})

describe('a session', () => {
  it('the server forgot is opened again once, and the call done in the new one', async () => {
    const { call } = await turned({})
    await call('far__do')
    const dead = server?.heard.at(-1)?.headers['mcp-session-id']
    server?.behave({
      'tools/call': (response, heard) =>
        heard.headers['mcp-session-id'] === dead
          ? void response.writeHead(404).end()
          : json(response, said(heard, 'again')),
    })
    expect(textOf(await call('far__do'))).toBe('again')
    const called = server?.heard.filter(({ message }) => message.method === 'tools/call') ?? []
    expect(called).toHaveLength(3)
  })

  it('forgotten every time is an error, not a loop', async () => {
    const { code } = await failing({ 'tools/call': (response) => void response.writeHead(404).end() })
    expect(code).toBe('server.failed')
    expect(server?.heard.filter(({ message }) => message.method === 'tools/call')).toHaveLength(2)
  })

  it('ends with a goodbye', async () => {
    const { call, supervisor } = await turned({})
    await call('far__do')
    await supervisor.stopAll()
    expect(server?.heard.at(-1)).toMatchObject({ method: 'DELETE' })
  })

  it('that is idle holds no connection', async () => {
    server = await roughServer()
    gatehouse = aSupervisor({ limits: { ...limits, idleMs: 50 } })
    await gatehouse.addRemote('far', server.url)
    await gatehouse.call('far__do')
    await expect.poll(() => gatehouse.administration.list()[0]?.state).toBe('idle')
    await expect.poll(() => server?.heard.at(-1)?.method).toBe('DELETE')
  })
})

describe('a cancelled call', () => {
  it('is told to a 2025 server, and its connection closed', async () => {
    let closed = () => {}
    const gone = new Promise<void>((resolve) => {
      closed = resolve
    })
    const client = new AbortController()
    const { call } = await turned({
      'tools/call': (response) => {
        response.on('close', closed)
        client.abort()
      },
    })
    await expect(call('far__do', {}, { signal: client.signal })).rejects.toMatchObject({ code: 'call.cancelled' })
    await gone
    await expect
      .poll(() => server?.heard.some(({ message }) => message.method === 'notifications/cancelled'))
      .toBe(true)
  })
})

describe('what answers', () => {
  it('but does not speak HTTP is a clear error', async () => {
    const sockets = new Set<Socket>()
    const raw = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.end('SSH-2.0-OpenSSH\r\n')
    })
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    gatehouse = aSupervisor()
    const { port } = raw.address() as { port: number }
    await expect(gatehouse.addRemote('far', `http://localhost:${port}/`)).rejects.toMatchObject({
      code: 'server.failed',
      params: { problem: expect.stringContaining('does not speak HTTP') },
    })
    raw.close()
  })

  it('never is given up after a while', async () => {
    server = await roughServer({ GET: () => {} })
    gatehouse = aSupervisor({ limits })
    await expect(gatehouse.addRemote('far', server.url, { transport: 'sse' })).rejects.toMatchObject({
      params: { problem: expect.stringContaining('did not answer within') },
    })
  })
})

describe('a peer that is gone without a word', () => {
  it('has its standing stream opened anew once nothing came on it for long, and is heard again', async () => {
    const streams: ((event: string) => void)[] = []
    server = await roughServer({ GET: (response) => void streams.push(stream(response)) })
    gatehouse = aSupervisor({ limits: { remote: { ...limits.remote, idleStreamMs: 150 } } })
    await gatehouse.addRemote('far', server.url)
    await gatehouse.call('far__do')
    const before = streams.length
    await expect.poll(() => streams.length, { timeout: 5000 }).toBeGreaterThan(before + 1)
    expect(gatehouse.administration.list()[0]?.problem).toBeUndefined()
  })

  it('keeps a standing stream on which comments come', async () => {
    let opened = 0
    server = await roughServer({
      GET: (response) => {
        opened++
        const send = stream(response)
        const beat = setInterval(() => send(': alive\n\n'), 30)
        response.on('close', () => clearInterval(beat))
      },
    })
    gatehouse = aSupervisor({ limits: { remote: { ...limits.remote, idleStreamMs: 150 } } })
    await gatehouse.addRemote('far', server.url)
    await gatehouse.call('far__do')
    const before = opened
    for (let calls = 0; calls < 8; calls++) await gatehouse.call('far__do', {}, {}).then(() => delay(60))
    expect(opened).toBe(before)
  })

  it('is noticed by its health checks in bounded time, and connected to again by the next call', async () => {
    server = await roughServer()
    gatehouse = aSupervisor({ limits })
    await gatehouse.addRemote('far', server.url)
    await gatehouse.administration.set('far' as ServerName, { running: { healthSeconds: 1 } })
    await gatehouse.call('far__do')
    server.behave({ ping: () => {}, GET: () => {}, 'tools/call': () => {} }) // takes everything, answers nothing
    const startedMs = performance.now()
    await expect
      .poll(() => gatehouse.administration.list()[0]?.problem, { timeout: 30_000, interval: 200 })
      .toContain('did not answer')
    expect(performance.now() - startedMs).toBeLessThan(25_000)
    server.behave({
      ping: (response, heard) => json(response, result(heard, {})),
      'tools/call': (response, heard) => json(response, said(heard, 'back')),
    })
    await gatehouse.supervisor.restart('far' as ServerName)
    expect(textOf(await gatehouse.call('far__do'))).toBe('back')
  }, 40_000)
})

describe('the older HTTP+SSE', () => {
  const oldServer = (more: Behaviours = {}) => {
    let send: (event: string) => void = () => {}
    const answer =
      (value: (heard: Parameters<Behaviours[string]>[1]) => unknown): Behaviours[string] =>
      (response, heard) => {
        response.writeHead(202).end()
        send(`event: message\ndata: ${JSON.stringify(value(heard))}\n\n`)
      }
    return roughServer({
      GET: (response) => {
        send = stream(response)
        send('event: endpoint\ndata: /mcp\n\n')
      },
      initialize: answer((heard) => result(heard, { protocolVersion: '2024-11-05', capabilities: { tools: {} } })),
      'tools/list': answer((heard) => result(heard, { tools: [{ name: 'do', inputSchema: { type: 'object' } }] })),
      'tools/call': answer((heard) => said(heard, 'old')),
      ...more,
    })
  }

  it('that falls silent, half open, is noticed and opened again for the next call', async () => {
    server = await oldServer()
    gatehouse = aSupervisor({ limits })
    await gatehouse.addRemote('far', server.url, { transport: 'sse' })
    expect(textOf(await gatehouse.call('far__do'))).toBe('old')
    await expect
      .poll(() => gatehouse.administration.list()[0]?.problem, { timeout: 5000 })
      .toContain('stopped answering')
    expect(server.heard.some(({ message }) => message.method === 'ping')).toBe(true)
    expect(textOf(await gatehouse.call('far__do'))).toBe('old')
  })

  it('that sends messages to another origin is refused', async () => {
    server = await oldServer({
      GET: (response) => stream(response)('event: endpoint\ndata: http://127.0.0.1:1/steal\n\n'),
    })
    gatehouse = aSupervisor({ limits })
    await expect(gatehouse.addRemote('far', server.url, { transport: 'sse' })).rejects.toMatchObject({
      params: { problem: expect.stringContaining('which is not localhost') },
    })
  })
})
