import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { errorLine } from '../../shared/wire/framing.ts'

const malformedCode = -32_700
const invalidRequestCode = -32_600

/** @returns the message, or the line that answers what is none */
export function receivedMessage(text: string): { readonly message: JSONRPCMessage } | { readonly refusal: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refusal: errorLine(undefined, malformedCode, 'Parse error: this line is not valid JSON') }
  }
  if (isMessage(value)) return { message: value }
  return { refusal: errorLine(idOf(value), invalidRequestCode, 'Invalid request: not a JSON-RPC 2.0 message') }
}

function isMessage(value: unknown): value is JSONRPCMessage {
  if (typeof value !== 'object' || value === null) return false
  const { jsonrpc, method, id, result, error } = value as Record<string, unknown>
  if (jsonrpc !== '2.0') return false
  if (id !== undefined && typeof id !== 'string' && !Number.isSafeInteger(id)) return false
  return typeof method === 'string' || result !== undefined || error !== undefined
}

/** The id of something that may be a message. */
export function idOf(value: unknown): string | number | undefined {
  const id = (value as { id?: unknown } | null)?.id
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}
