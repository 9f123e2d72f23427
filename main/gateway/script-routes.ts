import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Client, ExchangeMethod, Reply, Session } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import { type EpochMs, newId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { GatehouseError, keyScope, unexpected } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Viewer } from './gateway.ts'
import type { HttpCaller, HttpSessionParts } from './http-sessions.ts'
import { statusOf } from './script-status.ts'

/** What scripts may know besides the catalog, of their client's workspace and key only. */
export interface ScriptFacts {
  servers(viewer: Viewer): readonly JsonObject[]
  health(viewer: Viewer): Promise<JsonObject>
  /** As Prometheus' text format or JSON. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
  metrics(viewer: Viewer, format: 'prometheus' | 'json'): string
  /** Adds a server once the person agreed to exactly that. @throws input.invalid, approvals.denied, approvals.flood */
  propose(client: Client, body: JsonObject, waitMs?: number): Promise<ProposalState>
  /** What became of a client's own proposal. @throws approvals.unknown */
  proposal(client: Client, id: string, waitMs?: number): Promise<ProposalState>
  /** What confines the session's key to something less than a proposal, in words. */
  confinedTo(session: Session): string | undefined
}

export interface ProposalState {
  readonly state: 'added' | 'waiting' | 'refused'
  /** By which its outcome is asked for. */
  readonly proposal: string
}

export interface ScriptRouteParts extends HttpSessionParts {
  readonly scripts: ScriptFacts
}

/** Who asks, and what is done before: the same for every endpoint. */
export interface Admission {
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
  readonly callerOf: (request: FastifyRequest) => HttpCaller
}

const root = '/api/v1'
const lists = {
  tools: 'tool',
  resources: 'resource',
  'resource-templates': 'resource-template',
  prompts: 'prompt',
} as const satisfies Record<string, EntryKind>
const revision = '2026-07-28'

/**
 * `/api/v1`: what a person's own scripts need, without a session and without JSON-RPC: lists, health, figures, and calls,
 * which go the one road as the client whose API key or token is shown. A script answers nothing a server asks; the window
 * does. What would widen rights is not here; a server can be proposed, which the person is asked about.
 */
export function registerScriptRoutes(http: FastifyInstance, parts: ScriptRouteParts, admission: Admission): void {
  const { onRequest, callerOf } = admission
  const { scripts } = parts
  const get = (path: string, answer: (viewer: Viewer, reply: FastifyReply, request: FastifyRequest) => unknown) =>
    http.get(`${root}${path}`, { onRequest }, async (request, reply) =>
      answer(viewerOf(callerOf(request), parts), reply, request),
    )
  const post = (path: string, call: (request: FastifyRequest) => ScriptCall | undefined) =>
    http.post(`${root}${path}`, { onRequest }, (request, reply) => answered(call(request), request, reply))

  get('/servers', (viewer) => ({ servers: scripts.servers(viewer) }))
  get('/health', (viewer) => scripts.health(viewer))
  get('/metrics', (viewer, reply, request) => {
    const format = wantsJson(request) ? 'json' : 'prometheus'
    return reply.type(metricTypes[format]).send(scripts.metrics(viewer, format))
  })
  for (const [name, kind] of Object.entries(lists))
    get(`/${name}`, (viewer) => ({ [name]: parts.catalog.list(kind, viewer) }))
  http.post(`${root}/servers`, { onRequest }, (request, reply) => proposed(request, reply))
  http.get(`${root}/servers/proposals/:id`, { onRequest }, (request, reply) => outcome(request, reply))
  post('/tools/:entry', (request) => named('tools/call', request))
  post('/prompts/:entry', (request) => named('prompts/get', request))
  post('/resources/read', (request) => addressed(request))

  async function proposed(request: FastifyRequest, reply: FastifyReply) {
    const body = objectIn(request)
    if (!body) return malformed(reply)
    try {
      const told = await scripts.propose(proposer(request), body, waitMs(request))
      if (told.state === 'added') return reply.status(201).send(told)
      return reply.status(202).header('location', `${root}/servers/proposals/${told.proposal}`).send(told)
    } catch (error) {
      return refused(error, reply)
    }
  }

  async function outcome(request: FastifyRequest, reply: FastifyReply) {
    const { id } = request.params as { id: string }
    try {
      return reply.send(await scripts.proposal(proposer(request), id, waitMs(request)))
    } catch (error) {
      return refused(error, reply)
    }
  }

  /** @throws client.key-scope */
  function proposer(request: FastifyRequest): Client {
    const { client, session } = viewerOf(callerOf(request), parts)
    const confined = scripts.confinedTo(session)
    if (confined !== undefined) throw keyScope('servers add', confined)
    return client
  }

  async function answered(call: ScriptCall | undefined, request: FastifyRequest, reply: FastifyReply) {
    if (!call) return malformed(reply)
    try {
      return told(await made(call, callerOf(request), reply), reply)
    } catch (error) {
      return refused(error, reply)
    }
  }

  function made(call: ScriptCall, caller: HttpCaller, reply: FastifyReply): Promise<Reply> {
    const gone = new AbortController()
    reply.raw.once('close', () => reply.raw.writableFinished || gone.abort())
    const { client, session } = viewerOf(caller, parts)
    return parts.handle({
      callId: newId('call'),
      receivedAt: Date.now() as EpochMs,
      startedMs: performance.now(),
      door: 'http',
      credential: { clientId: client.id, sessionId: session.id },
      ...call,
      peer: {
        protocol: revision,
        capabilities: {},
        progress: () => {},
        request: () => Promise.reject(new Error('A script answers nothing.')),
        notify: () => {},
      },
      signal: gone.signal,
      trail: parts.newTrail(),
    })
  }
}

const metricTypes = { prometheus: 'text/plain; version=0.0.4', json: 'application/json' } as const

/** Prometheus asks for its own format first; JSON is for who asks for nothing but JSON. */
const wantsJson = ({ query, headers }: FastifyRequest): boolean =>
  (query as { format?: unknown } | undefined)?.format === 'json' || headers.accept === 'application/json'

/** `Prefer: wait=SECONDS`: how long at most a script waits for an outcome. @see RFC 7240, section 4.3 */
function waitMs({ headers }: FastifyRequest): number | undefined {
  const seconds = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/.exec(String(headers.prefer ?? ''))?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

interface ScriptCall {
  readonly method: ExchangeMethod
  readonly target: string
  readonly arguments: unknown
  readonly extra?: JsonObject
}

const viewerOf = ({ client, credentialId }: HttpCaller, parts: HttpSessionParts): Viewer => ({
  client,
  session: parts.forStateless(client, credentialId),
})

/** `{"arguments": …}`; for a later round of a call whose server asked for more, with what it asked for. */
function named(method: 'tools/call' | 'prompts/get', request: FastifyRequest): ScriptCall | undefined {
  const body = objectIn(request)
  if (!body) return undefined
  const { arguments: given, inputResponses, requestState } = body
  const extra = { ...(inputResponses ? { inputResponses } : {}), ...(requestState ? { requestState } : {}) }
  const { entry } = request.params as { entry: string }
  return { method, target: entry, arguments: given ?? {}, ...(Object.keys(extra).length > 0 ? { extra } : {}) }
}

function addressed(request: FastifyRequest): ScriptCall | undefined {
  const uri = objectIn(request)?.uri
  return typeof uri === 'string' ? { method: 'resources/read', target: uri, arguments: {} } : undefined
}

function objectIn({ body }: FastifyRequest): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse((body as Buffer | undefined)?.toString('utf8') || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

const malformed = (reply: FastifyReply) =>
  reply.status(400).send({ error: { code: 'wire.malformed', message: 'A JSON object is needed' } })

function told(reply: Reply, http: FastifyReply): FastifyReply {
  return reply.kind === 'result' ? http.send(reply.result) : http.status(502).send({ error: reply.error })
}

function refused(error: unknown, reply: FastifyReply): FastifyReply {
  const known = error instanceof GatehouseError ? error : unexpected('', error)
  const { code, params } = known
  if (params.seconds && code !== 'limits.deadline') reply.header('retry-after', params.seconds)
  const approval = code === 'approvals.waiting' && params.id ? { approval: params.id } : {}
  return reply.status(statusOf(code)).send({ error: { code, message: sentence(known, 'model'), ...approval } })
}
