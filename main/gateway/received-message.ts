import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { errorLine } from '../../shared/wire/framing.ts'

const malformedCode = -32_700
const invalidRequestCode = -32_600
const invalidParamsCode = -32_602

/** @returns the message, or the line that answers what is none */
export function receivedMessage(text: string): { readonly message: JSONRPCMessage } | { readonly refusal: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refusal: errorLine(undefined, malformedCode, 'Parse error: this line is not valid JSON') }
  }
  return checkedMessage(value)
}

/** @returns as `receivedMessage` */
export function checkedMessage(value: unknown): { readonly message: JSONRPCMessage } | { readonly refusal: string } {
  if (isMessage(value)) {
    const id = 'method' in value ? idOf(value) : undefined
    const problem = id === undefined ? undefined : paramsProblem(value as { params?: unknown })
    if (problem === undefined) return { message: value }
    return { refusal: errorLine(id, invalidParamsCode, `Invalid params: ${problem}`) }
  }
  return { refusal: errorLine(idOf(value), invalidRequestCode, 'Invalid request: not a JSON-RPC 2.0 message') }
}

function isMessage(value: unknown): value is JSONRPCMessage {
  if (typeof value !== 'object' || value === null) return false
  const { jsonrpc, method, id, result, error } = value as Record<string, unknown>
  if (jsonrpc !== '2.0') return false
  if (id !== undefined && typeof id !== 'string' && !Number.isSafeInteger(id)) return false
  return typeof method === 'string' || result !== undefined || error !== undefined
}

/** @returns the answer to a request whose params are none, which the SDK would not answer under its id */
export function unansweredProblem(value: unknown): object | undefined {
  if (!isMessage(value) || !('method' in value) || idOf(value) === undefined) return undefined
  const problem = paramsProblem(value as { params?: unknown })
  if (problem === undefined) return undefined
  return {
    jsonrpc: '2.0',
    id: idOf(value),
    error: { code: invalidParamsCode, message: `Invalid params: ${problem}` },
  }
}

/** Whether a body is a request, or a batch with one. */
export function asks(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(asks)
  return isMessage(value) && 'method' in value && idOf(value) !== undefined
}

/** What the SDK would drop without an answer. @see JSON-RPC 2.0, 4.2; MCP 2025-11-25, basic, `_meta` */
function paramsProblem({ params }: { readonly params?: unknown }): string | undefined {
  if (params === undefined) return undefined
  if (!isObject(params)) return 'an object is needed'
  const { _meta: meta } = params
  if (meta === undefined) return undefined
  if (!isObject(meta)) return '_meta: an object is needed'
  const { progressToken: token } = meta
  const fits = token === undefined || typeof token === 'string' || Number.isSafeInteger(token)
  return fits ? undefined : '_meta.progressToken: a text or an integer is needed'
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The id of something that may be a message. */
export function idOf(value: unknown): string | number | undefined {
  const id = (value as { id?: unknown } | null)?.id
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}
