import type { RequestId } from '../../shared/wire/framing.ts'

/** As much of a message as the bridge needs to know. */
export interface Glance {
  readonly kind: 'request' | 'notification' | 'response' | 'unreadable'
  readonly id?: RequestId
  readonly method?: string
}

const shownBytes = 120
const id = String.raw`(-?\d{1,15}|"[^"\\]{0,100}")`
const method = String.raw`"method":"([^"\\]{1,80})"`
/** Where all usual writers put id and method: first, or method first and id last. Both can only be the message's own. */
const requestInHead = new RegExp(String.raw`^\{"jsonrpc":"2\.0","id":${id},${method}[,}]`)
const requestByMethod = new RegExp(String.raw`^\{${method},`)
const responseInHead = new RegExp(String.raw`^\{"jsonrpc":"2\.0","id":${id},"(?:result|error)":`)
const responseByResult = /^\{"result":/
const idInTail = new RegExp(String.raw`,"jsonrpc":"2\.0","id":${id}\}$`)

/** Looks at both ends of a message, and parses it only when its author wrote it in an unusual order. */
export function glanceAt(line: Buffer): Glance {
  const head = line.toString('latin1', 0, shownBytes)
  const request = requestInHead.exec(head)
  if (request) return { kind: 'request', id: JSON.parse(request[1] as string), method: request[2] as string }
  const response = responseInHead.exec(head)
  if (response) return { kind: 'response', id: JSON.parse(response[1] as string) }
  const byMethod = requestByMethod.exec(head)
  if (!byMethod && !responseByResult.test(head)) return parsed(line)
  const last = idInTail.exec(line.toString('latin1', Math.max(0, line.length - shownBytes - 40)))
  if (!last) return parsed(line)
  const found = { id: JSON.parse(last[1] as string) as RequestId }
  return byMethod ? { kind: 'request', method: byMethod[1] as string, ...found } : { kind: 'response', ...found }
}

function parsed(line: Buffer): Glance {
  let value: { id?: unknown; method?: unknown } | null
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch {
    return { kind: 'unreadable' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'unreadable' }
  const own = typeof value.id === 'string' || typeof value.id === 'number' ? { id: value.id } : {}
  if (typeof value.method !== 'string') return { kind: 'response', ...own }
  return { kind: 'id' in own ? 'request' : 'notification', method: value.method, ...own }
}
