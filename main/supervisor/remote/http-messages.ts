import type { IncomingMessage } from 'node:http'
import type { Outgoing } from '../connection.ts'
import { headerValue } from './mcp-headers.ts'
import { RemoteProblem } from './remote-problem.ts'

/** Everything a subscription asked to be told of, as if it had just changed. */
export function missed(line: string): readonly object[] {
  const { params } = JSON.parse(line) as { params?: { notifications?: Record<string, unknown> } }
  const { resourceSubscriptions, ...lists } = params?.notifications ?? {}
  const uris = Array.isArray(resourceSubscriptions) ? resourceSubscriptions : []
  const changed = ['tools', 'prompts', 'resources'].filter((kind) => lists[`${kind}ListChanged`] === true)
  return [
    ...changed.map((kind) => ({ jsonrpc: '2.0', method: `notifications/${kind}/list_changed`, params: {} })),
    ...uris.map((uri) => ({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } })),
  ]
}

export const isRefusal = (error: unknown) =>
  error instanceof RemoteProblem && error.status !== undefined && error.status >= 400 && error.status < 500

/** A task is named in the header as a tool is. @see SEP-2663, “Request headers” */
export function taskName({ method }: Outgoing, line: string): Record<string, string> {
  if (!method?.startsWith('tasks/')) return {}
  const { params } = JSON.parse(line) as { params?: { taskId?: unknown } }
  return typeof params?.taskId === 'string' ? { 'mcp-name': headerValue(params.taskId) } : {}
}

/** @see MCP 2025-11-25, “Session Management”: visible ASCII only */
export function sessionIn({ headers }: IncomingMessage): string | undefined {
  const session = headers['mcp-session-id']
  if (session === undefined) return undefined
  if (typeof session === 'string' && /^[\x21-\x7e]{1,4096}$/.test(session)) return session
  throw new RemoteProblem('the name it gave the session is not allowed.')
}

export function protocolIn(message: unknown): string | undefined {
  const version = (message as { result?: { protocolVersion?: unknown } }).result?.protocolVersion
  return typeof version === 'string' && /^[\x21-\x7e]{1,64}$/.test(version) ? version : undefined
}

/** A JSON-RPC error for this request, or for one the server could not tell. */
export function errorIn(text: string, id: string | number): unknown {
  try {
    const value = JSON.parse(text) as { id?: unknown; error?: unknown; jsonrpc?: unknown }
    const mine = value.id === id || value.id === null || value.id === undefined
    return value.jsonrpc === '2.0' && typeof value.error === 'object' && value.error !== null && mine
      ? value.error
      : undefined
  } catch {
    return undefined
  }
}

export function statusSentence(status: number): string {
  if (status === 404) return 'there is no MCP server at this address (HTTP 404).'
  if (status === 429) return 'it asks you to slow down (HTTP 429). Try again later.'
  return status >= 500 ? `it has trouble of its own (HTTP ${status}).` : `it refused the request (HTTP ${status}).`
}

export const headerSafe = (text: string) => text.replace(/[^\x20-\x7e]/g, '')
