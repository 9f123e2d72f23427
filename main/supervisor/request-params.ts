import type { Clearance, ExchangeMethod } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { CallId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { envelopeKeys } from './handshake.ts'
import { logLevelKey } from './log-levels.ts'

/** What the parameters of a request are made from. */
export interface ParamsSource {
  readonly method: ExchangeMethod
  readonly entry: CatalogEntry
  readonly arguments: JsonObject
  /** RFC 8785 text of `arguments`: what was judged, and the very text that is sent. */
  readonly canonical: string
  readonly meta?: JsonObject
  readonly extra?: JsonObject
  readonly clearance: Clearance
  /** Whether this server is the bundled filesystem server, which checks content before it writes. */
  readonly checksContent: boolean
  /** Whether this server is the face of an engine, to which it refers by the call's id. */
  readonly face: boolean
  readonly callId: CallId
  /** What the session is about, for a server that asks and may know. */
  readonly context?: JsonObject
}

const ownPrefix = 'gatehouse/'

/**
 * JSON text of the parameters a server gets.
 * @param envelope members of `_meta` the server's protocol revision asks for
 * @param progressToken given when the client asked for progress
 */
export function requestParams(call: ParamsSource, envelope: JsonObject | undefined, progressToken: number | undefined) {
  const meta = metaFor(call, envelope, progressToken)
  const metadata = meta === undefined ? '' : `,"_meta":${JSON.stringify(meta)}`
  return `{${identityOf(call)}${passedOn(call.extra)}${metadata}}`
}

function identityOf(call: ParamsSource): string {
  const own = JSON.stringify(call.entry.ownName)
  switch (call.method) {
    case 'tools/call':
    case 'prompts/get':
      return `"name":${own},"arguments":${call.canonical}`
    case 'completion/complete': {
      const ref =
        call.entry.kind === 'prompt' ? `{"type":"ref/prompt","name":${own}}` : `{"type":"ref/resource","uri":${own}}`
      return `"ref":${ref}${passedOn(call.arguments)}`
    }
    default:
      return `"uri":${own}${passedOn(call.arguments)}`
  }
}

/** A client can't name the target or the metadata a second time. */
function passedOn(extra: JsonObject | undefined): string {
  if (extra === undefined) return ''
  return Object.entries(extra)
    .filter(([key]) => !['name', 'uri', 'ref', 'arguments', '_meta'].includes(key))
    .map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join('')
}

function metaFor(
  call: ParamsSource,
  envelope: JsonObject | undefined,
  progressToken: number | undefined,
): JsonObject | undefined {
  const expected = call.checksContent ? call.clearance.expectContent : undefined
  if (!call.meta && !envelope && progressToken === undefined && !expected && !call.face && !call.context)
    return undefined
  const meta: Record<string, JsonObject[string]> = {}
  for (const [key, value] of Object.entries(call.meta ?? {})) if (isClients(key, envelope)) meta[key] = value
  Object.assign(meta, envelope)
  if (progressToken !== undefined) meta.progressToken = progressToken
  if (expected !== undefined) meta[`${ownPrefix}expect-content`] = { path: expected.path, sha256: expected.sha256 }
  if (call.context !== undefined) meta[`${ownPrefix}context`] = call.context
  if (call.face) meta[`${ownPrefix}call`] = call.callId
  return meta
}

/** The level of log messages is an earlier server's by a request of its own. */
const isClients = (key: string, envelope: JsonObject | undefined) =>
  !key.startsWith(ownPrefix) &&
  key !== 'progressToken' &&
  !envelopeKeys.includes(key) &&
  (envelope !== undefined || key !== logLevelKey)
