import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { type WebSocket, WebSocketServer } from 'ws'
import { securityHeaders } from '../../main/shells/browser/security-headers.ts'
import { contract } from '../../shared/contract/contract.ts'
import { type Sample, sampleAnswers } from './sample-data.ts'

/** Stands in for main in tests of the window alone: the built renderer under the real headers, and the contract over sample data. */
export interface ContractServer {
  readonly url: string
  readonly sample: Sample
  /** What the window asked to be done, in order: channel and input. */
  readonly asked: { channel: string; input: unknown }[]
  /** When set, calls that widen rights are refused until this passphrase is given. */
  passphrase: string | undefined
  signedIn: boolean
  /** Channels that are asked and not answered. */
  readonly held: Set<string>
  /** Channels that answer that they failed. */
  readonly failing: Set<string>
  tell(event: string, payload: unknown): void
  /** Drops every window's connection, as a stopped app would. */
  drop(): void
  close(): Promise<void>
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export async function startContractServer(rendererDir: string, sample: Sample): Promise<ContractServer> {
  const sockets = new Set<WebSocket>()
  const answers = sampleAnswers(sample, (event, payload) => tell(event, payload))
  const asked: ContractServer['asked'] = []
  let confirmed = false
  const tell = (event: string, payload: unknown) => {
    for (const socket of sockets) socket.send(JSON.stringify({ event, payload }))
  }
  const http = createServer((request, response) => {
    void serve(request, response).catch(() => response.writeHead(404).end())
  })
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    if (path === '/api/session') {
      return response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ authenticated: server.signedIn }))
    }
    if (path === '/api/confirm') {
      confirmed = JSON.parse(await bodyOf(request)).passphrase === server.passphrase
      if (!confirmed) response.statusCode = 403
      const refusal = { error: { code: 'operator.wrong', params: {}, sentence: 'That passphrase is not right.' } }
      return response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(confirmed ? { confirmed } : refusal))
    }
    const file = normalize(path === '/' ? '/index.html' : path)
    const contents = await readFile(join(rendererDir, file))
    return response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(contents)
  }
  const windows = new WebSocketServer({ server: http, path: '/api/socket', handleProtocols: () => 'gatehouse' })
  windows.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', (data) => {
      const { id, channel, input } = JSON.parse(String(data)) as { id: number; channel: string; input: unknown }
      asked.push({ channel, input })
      if (server.held.has(channel)) return
      socket.send(JSON.stringify({ id, ...answer(channel, input) }))
    })
  })
  const answer = (channel: string, input: unknown) => {
    const route = routeOf(channel)
    if (server.passphrase !== undefined && !confirmed && route?.widens) {
      return { ok: false, error: { code: 'operator.required', params: {}, sentence: 'This needs your confirmation.' } }
    }
    if (server.failing.has(channel))
      return { ok: false, error: { code: 'storage.failed', params: {}, sentence: `The disk gave no ${channel}.` } }
    const parsed = route?.input.safeParse(input)
    if (!parsed?.success)
      return { ok: false, error: { code: 'input.invalid', params: {}, sentence: `Not understood: ${channel}` } }
    return { ok: true, value: answers(channel, parsed.data) }
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const server: ContractServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    sample,
    asked,
    passphrase: undefined,
    signedIn: true,
    held: new Set(),
    failing: new Set(),
    tell,
    drop: () => {
      for (const socket of sockets) socket.terminate()
    },
    close: async () => {
      for (const socket of sockets) socket.terminate()
      windows.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return server
}

function routeOf(channel: string) {
  const [area = '', name = ''] = channel.split('.')
  const entry = (contract as Record<string, Record<string, { kind: string }>>)[area]?.[name]
  return entry?.kind === 'call' ? (entry as unknown as import('../../shared/contract/define.ts').AnyRoute) : undefined
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
