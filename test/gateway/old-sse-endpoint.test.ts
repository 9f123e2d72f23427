import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { GatewayParts } from '../../main/gateway/gateway.ts'
import type { HttpCaller } from '../../main/gateway/http-sessions.ts'
import { OldSseEndpoint } from '../../main/gateway/old-sse-endpoint.ts'
import type { Client, Session } from '../../shared/domain/call.ts'
import type { ClientId, SessionId } from '../../shared/domain/ids.ts'

const longText = 'x'.repeat(20 * 1024 * 1024)
const client = { id: 'cl_one' as ClientId, name: 'Editor' } as Client
const caller: HttpCaller = { client, credentialId: 'key' }

let http: FastifyInstance
let endpoint: OldSseEndpoint
let opened: number
let ended: string[]
let onEnded: () => void
let admitted: (request: FastifyRequest) => Promise<void>
let streams: IncomingMessage[]

beforeEach(async () => {
  opened = 0
  ended = []
  onEnded = () => {}
  streams = []
  admitted = async () => {}
  const sessions = {
    open: () => ({ client, session: { id: `se_${opened++}` as SessionId } as Session }),
    end: (session: string) => {
      ended.push(session)
      onEnded()
    },
  }
  const catalog = { list: () => [], instructions: () => longText, onChanged: () => () => {} }
  endpoint = new OldSseEndpoint({ sessions, catalog, onError: () => {}, version: '1' } as unknown as GatewayParts)
  http = Fastify({ forceCloseConnections: true })
  http.get('/sse', { onRequest: (request) => admitted(request) }, async (_, reply) => {
    endpoint.open(caller, undefined, reply)
    return reply
  })
  await http.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  for (const stream of streams) stream.destroy()
  endpoint.close()
  await http.close()
})

const asks = (): ClientRequest =>
  get({ port: (http.server.address() as AddressInfo).port, path: '/sse', agent: false }).on('error', () => {})

/** A stream of which nothing but the first event is read. @returns its id */
async function aStream(): Promise<string> {
  const [stream] = (await once(asks(), 'response')) as [IncomingMessage]
  streams.push(stream.on('error', () => {}))
  const [first] = (await once(stream, 'data')) as [Buffer]
  stream.pause()
  return /sessionId=(\S+)/.exec(String(first))?.[1] ?? ''
}
const initialize = Buffer.from(
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'editor', version: '1' } },
  }),
)
const posts = (sessionId: string) =>
  endpoint.take({ query: { sessionId }, body: initialize } as unknown as FastifyRequest, caller)

it('opens nothing for a client that left while it was looked at', async () => {
  const looked = Promise.withResolvers<FastifyRequest>()
  const goOn = Promise.withResolvers<void>()
  admitted = (request) => {
    looked.resolve(request)
    return goOn.promise
  }
  const leaving = asks()
  const { socket } = await looked.promise
  const gone = once(socket, 'close')
  leaving.destroy()
  await gone
  goOn.resolve()
  admitted = async () => {}
  await aStream()
  expect(opened).toBe(1)
})

it('cuts off a client that reads nothing before all its streams together hold much, and first bids it to read', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, aStream))
  const cutOff = new Promise<void>((resolve) => {
    onEnded = resolve
  })
  expect(ids.map(posts)).toEqual(ids.map(() => undefined)) // all asked before the first is answered
  await cutOff
  const open = ids.filter((_, at) => !ended.includes(`se_${at}`))
  expect(open.length).toBeGreaterThan(0)
  expect(open.map(posts)).toEqual(open.map(() => expect.objectContaining({ status: 429 })))
})
