import type { StandardSchemaV1 } from '@modelcontextprotocol/server'
import type { ClientPeer } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RequestContext } from './request-context.ts'

/** Milliseconds a client may take to answer a question of a server: a person may have to. Progress prolongs it. */
export const clientPatienceMs = 10 * 60_000

/** Results of a client go to the server as they are: the server that asked knows what it asked for. */
export const asItIs: StandardSchemaV1<unknown, JsonObject> = {
  '~standard': { version: 1, vendor: 'gatehouse', validate: (value) => ({ value: value as JsonObject }) },
}

export interface PeerFacts {
  /** Whether the request was answered or given up. */
  readonly isOver: () => boolean
  /** Sends what is not part of any request; undefined where the client has no way to hear it. */
  readonly afterwards: ((method: string, params: JsonObject) => Promise<void>) | undefined

  readonly protocol: string
  readonly capabilities: JsonObject
  /** Whether the client wants log messages of this level. */
  readonly wantsLog: (level: unknown) => boolean
  /** The server ended that told of the resource this call subscribed to. */
  readonly lost?: () => void
  readonly onError: (error: unknown) => void
}

/** The way back to the client: with the answer while the request runs, later on its own where the connection still stands. */
export function callPeer(mcpReq: RequestContext, facts: PeerFacts): ClientPeer {
  const progressToken = mcpReq._meta?.progressToken
  const tell = (method: string, params: JsonObject) => {
    const told = facts.isOver() ? facts.afterwards?.(method, params) : mcpReq.notify({ method, params })
    told?.catch(facts.onError)
  }
  return {
    protocol: facts.protocol,
    capabilities: facts.capabilities,
    progress: (progress) => {
      if (progressToken !== undefined && !facts.isOver()) tell('notifications/progress', { ...progress, progressToken })
    },
    request: (method, params, signal) =>
      mcpReq.send({ method, params }, asItIs, { signal, timeout: clientPatienceMs, resetTimeoutOnProgress: true }),
    notify: (method, params) => {
      if (method !== 'notifications/message' || facts.wantsLog(params.level)) tell(method, params)
    },
    ...(facts.lost ? { lost: facts.lost } : {}),
  }
}
