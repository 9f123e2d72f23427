import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Heard {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly message: { readonly id?: number; readonly method?: string; readonly params?: Record<string, unknown> }
}
type Behaviour = (response: ServerResponse, heard: Heard) => void

export interface RoughServer {
  readonly url: string
  readonly port: number
  /** Every request, in order. */
  readonly heard: Heard[]
  /** Replaces what it does from now on. */
  behave(more: Behaviours): void
  /** Another certificate from the next connection on. */
  show(identity: ServerOptions): void
  close(): Promise<void>
}

/** By MCP method; `GET` and `DELETE` by HTTP method. */
export type Behaviours = Readonly<Record<string, Behaviour>>

/** A 2025 server with one tool, `do`, written on bare HTTP so that it can break every rule. */
export async function roughServer(behaviours: Behaviours = {}, tls?: ServerOptions): Promise<RoughServer> {
  let current: Behaviours = { ...wellBehaved, ...behaviours }
  const heard: Heard[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request).catch(() => '')
    const one = { method: request.method ?? '', headers: request.headers, message: body === '' ? {} : JSON.parse(body) }
    heard.push(one)
    const key = request.method === 'POST' ? (one.message.method ?? 'answer') : (request.method ?? '')
    const behaviour = current[key] ?? (one.message.id === undefined ? accepted : unknownMethod)
    behaviour(response, one)
  }
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${port}/mcp`,
    port,
    show: (identity) => {
      if (server instanceof TlsServer) server.setSecureContext(identity)
    },
    heard,
    behave: (more) => {
      current = { ...current, ...more }
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const accepted: Behaviour = (response) => void response.writeHead(202).end()
const unknownMethod: Behaviour = (response, { message }) =>
  json(response, { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'not known' } }, 400)

export function json(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}
export const result = ({ message }: Heard, value: unknown) => ({ jsonrpc: '2.0', id: message.id, result: value })
export const said = (heard: Heard, text: string) => result(heard, { content: [{ type: 'text', text }] })

/** Begins a stream of events. */
export function stream(response: ServerResponse): (event: string) => void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  return (event) => void response.write(event)
}

let sessions = 0
const wellBehaved: Behaviours = {
  initialize: (response, heard) =>
    json(
      response,
      result(heard, {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'r', version: '1' },
      }),
      200,
      { 'mcp-session-id': `session-${++sessions}` },
    ),
  'tools/list': (response, heard) =>
    json(response, result(heard, { tools: [{ name: 'do', inputSchema: { type: 'object' } }] })),
  'tools/call': (response, heard) => json(response, said(heard, 'done')),
  GET: (response) => void response.writeHead(405).end(),
  DELETE: (response) => void response.writeHead(200).end(),
}
