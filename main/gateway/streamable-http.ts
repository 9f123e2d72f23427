import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { isInitializeRequest, isLegacyRequest } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../shared/domain/call.ts'
import { type ServerName, type SessionId, serverNamePattern } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { longestLineBytes } from '../../shared/wire/framing.ts'
import { endpointHeaders } from './http-headers.ts'
import {
  type HttpCaller,
  type HttpSessionParts,
  IdleMap,
  StatefulConversation,
  StatelessConversation,
} from './http-sessions.ts'
import { underTodaysNames } from './old-names.ts'
import { messagesPath, OldSseEndpoint } from './old-sse-endpoint.ts'
import { refusedCode } from './protocol-errors.ts'
import { asks, unansweredProblem } from './received-message.ts'
import { isFromHere } from './request-from-here.ts'
import { registerScriptRoutes, type ScriptFacts } from './script-routes.ts'
import {
  type AuthenticateCertificate,
  callerByCertificate,
  refusalOfCertificate,
  type ShownCertificate,
  shownCertificate,
} from './shown-certificate.ts'
import { registerTokenRoutes, type TokenEndpointParts } from './token-endpoint.ts'
import { Unread } from './unread.ts'
import { UnreadAnswers } from './unread-answers.ts'
import { VouchedConnections, type VouchForKey } from './vouched-connections.ts'
import { webRequest, writeWebResponse } from './web-exchange.ts'
import { McpWebSockets } from './websocket.ts'

export interface McpRouteParts extends HttpSessionParts {
  /** Whose API key or access token this is; undefined for one that is unknown or out of date. @throws client.revoked, client.suspended */
  readonly authenticate: (bearer: string) => HttpCaller | undefined | Promise<HttpCaller | undefined>
  /** Whose certificate this is, which the program proved to have. @throws as `authenticate` */
  readonly authenticateCertificate?: AuthenticateCertificate
  /** Whether this client's workspace has a server of that name. */
  readonly hasServer: (client: Client, name: ServerName) => boolean
  readonly vouchForKey?: VouchForKey
  /** For the routes of people's scripts. */
  readonly scripts?: ScriptFacts
  /** Seconds for which who shows no good key is turned away unheard, because somebody guesses. */
  readonly guessingSeconds?: () => number
  /** Whether clients of 2024-11-05 are served at `/sse`. */
  readonly takesOldSse?: boolean
  /** Short-lived tokens and what they are got by. */
  readonly tokens?: TokenEndpointParts
}

const mostConversations = 1000
/** setTimeout takes no longer time; a stream that stood so long may be opened anew. */
const longestTimerMs = 2 ** 31 - 1
/**
 * `/mcp` and `/mcp/servers/NAME`: Streamable HTTP for clients with an API key, in every revision; and WebSockets. Loopback
 * names only.
 */
export function registerMcpRoutes(http: FastifyInstance, parts: McpRouteParts): void {
  const endpoint = new Endpoint(parts)
  const sockets = new McpWebSockets(http.server, parts)
  http.addHook('onClose', async () => {
    sockets.close()
    await endpoint.close()
  })
  http.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...endpointHeaders, 'x-request-id': randomUUID() })
    if (!isFromHere(request.headers)) return problem(reply, 403, 'Only programs of this computer may use this address')
  })
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: longestLineBytes }, (_, body, done) =>
    done(null, body),
  )
  http.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    if (error instanceof GatehouseError && error.code !== 'internal.unexpected')
      return problem(reply, 403, sentence(error, 'model'))
    const status = error.statusCode ?? 500
    if (status >= 500) parts.onError(error)
    return problem(reply, status, explanations[status] ?? 'The request could not be handled')
  })
  if (parts.tokens) registerTokenRoutes(http, parts.tokens)
  const onRequest = (request: FastifyRequest, reply: FastifyReply) => endpoint.admit(request, reply)
  const callerOf = (request: FastifyRequest) => endpoint.callerOf(request)
  const { scripts } = parts
  if (scripts) registerScriptRoutes(http, { ...parts, scripts }, { onRequest, callerOf })
  const serve = (request: FastifyRequest, reply: FastifyReply) => endpoint.serve(request, reply)
  for (const url of ['/mcp', '/mcp/servers/:name'])
    http.route({ method: ['GET', 'POST', 'DELETE'], url, onRequest, handler: serve })
  if (parts.takesOldSse) registerOldSse(http, parts, { onRequest, callerOf })
}

interface Admission {
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
  readonly callerOf: (request: FastifyRequest) => HttpCaller
}

function registerOldSse(http: FastifyInstance, parts: McpRouteParts, { onRequest, callerOf }: Admission): void {
  const streams = new OldSseEndpoint(parts)
  http.addHook('onClose', async () => streams.close())
  for (const url of ['/sse', '/sse/servers/:name'])
    http.get(url, { onRequest }, async (request, reply) => {
      const { name } = request.params as { name?: ServerName }
      const unserved = streams.open(callerOf(request), name, reply)
      return unserved ? problem(reply, unserved.status, unserved.message) : reply
    })
  http.post(messagesPath, { onRequest }, async (request, reply) => {
    const unserved = streams.take(request, callerOf(request))
    if (unserved === undefined) return reply.status(202).type('text/plain').send('Accepted')
    if ('refusal' in unserved) return reply.status(400).type('application/json').send(unserved.refusal)
    return problem(reply, unserved.status, unserved.message)
  })
}

const explanations: Readonly<Record<number, string>> = {
  413: 'The message is larger than 10 MB and was not processed',
  415: 'Unsupported Media Type: Content-Type must be application/json',
}

class Endpoint {
  readonly #callers = new WeakMap<FastifyRequest, HttpCaller>()
  readonly #stateless: IdleMap<StatelessConversation>
  readonly #stateful: IdleMap<StatefulConversation>
  readonly #stop: (() => void) | undefined
  readonly #vouched: VouchedConnections
  readonly #answers: UnreadAnswers
  readonly #unread: Unread

  constructor(private readonly parts: McpRouteParts) {
    this.#unread = parts.unread ?? new Unread()
    this.#answers = new UnreadAnswers(this.#unread)
    this.#vouched = new VouchedConnections(parts.vouchForKey)
    this.#stateless = new IdleMap(parts.onError, parts.idleMs)
    this.#stateful = new IdleMap(parts.onError, parts.idleMs)
    this.#stop = parts.sessions.onEnded?.((session) => this.#endSession(session))
  }

  #endSession(session: SessionId): void {
    this.#stateless.closeWhere(({ sessionId }) => sessionId === session)
    this.#stateful.closeWhere(({ sessionId }) => sessionId === session)
  }

  async close(): Promise<void> {
    this.#stop?.()
    await Promise.all([this.#stateless.close(), this.#stateful.close()])
  }

  /** Before a byte of the body is read. @returns the answer, for a caller that may not go on */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const bearer = /^Bearer ([\x21-\x7e]{1,2048})$/i.exec(request.headers.authorization ?? '')?.[1]
    const certificate = bearer === undefined ? shownCertificate(request.raw.socket) : undefined
    const caller =
      bearer === undefined
        ? callerByCertificate(certificate, this.parts.authenticateCertificate)
        : await this.parts.authenticate(bearer)
    const guessing = caller ? 0 : (this.parts.guessingSeconds?.() ?? 0)
    if (guessing > 0) return problem(reply.header('retry-after', String(guessing)), 429, 'Too many unknown keys')
    if (!caller) return refuseKey(reply, bearer !== undefined, certificate)
    const { name } = request.params as { name?: string }
    if (name !== undefined && !this.#isServer(caller, name)) return problem(reply, 404, 'There is no such server')
    const unsure = this.#vouched.check(caller, request.raw.socket)
    if (unsure) await unsure
    this.#callers.set(request, caller)
    return undefined
  }

  callerOf(request: FastifyRequest): HttpCaller {
    const caller = this.#callers.get(request)
    if (!caller) throw new Error('a request came past its admission')
    return caller
  }

  async serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = this.callerOf(request)
    const { name } = request.params as { name?: string }
    const body = parsedBody(request)
    if ('malformed' in body) return problem(reply, 400, 'Parse error: the request body is not valid JSON', -32_700)
    if (asks(body.value) && this.#answers.isTooMuch(caller.client)) {
      this.#unread.refused(caller.client.name)
      return problem(reply, 429, 'This app left too much unread: it must read its answers before it asks for more')
    }
    const renamed = underTodaysNames(body.value)
    const value = renamed && this.parts.takesOldNames?.(caller.client) ? renamed : body.value
    const refused = unansweredProblem(value)
    if (refused) return reply.status(400).send(refused)
    const view = name as ServerName | undefined
    const conversation = this.#conversationOf(caller, view, request.headers['mcp-session-id'])
    const call = conversation?.lane.take(request.headers, value)
    const text = await call?.answer
    if (text !== undefined) {
      if (!this.#answers.mayGive(caller.client, reply.raw, text.length)) return reply.hijack()
      return reply.headers(jsonOf(conversation?.id)).send(text)
    }
    await conversation?.lane.beforeCancelled(value)
    const web = webRequest(request.raw, reply.raw)
    if (call) conversation?.lane.handOver(call, web)
    const answer = await this.#answer(caller, view, web, value)
    reply.hijack()
    this.#answers.given(caller.client, reply.raw)
    endWithKey(caller, answer, reply.raw)
    const headers = reply.getHeaders() as Record<string, string>
    await writeWebResponse(answer, reply.raw, { headers, client: caller.client.name, unread: this.#unread })
    return reply
  }

  #isServer({ client }: HttpCaller, name: string): boolean {
    return serverNamePattern.test(name) && this.parts.hasServer(client, name as ServerName)
  }

  async #answer(caller: HttpCaller, view: ServerName | undefined, request: Request, body: unknown): Promise<Response> {
    if (await isLegacyRequest(request, body)) return this.#answerStateful(caller, view, request, body)
    const key = JSON.stringify([caller.client.id, caller.credentialId, view ?? null])
    const conversation = this.#stateless.getOrMake(key, () => new StatelessConversation(caller, view, this.parts))
    return conversation.answer(request, body)
  }

  async #answerStateful(
    caller: HttpCaller,
    view: ServerName | undefined,
    request: Request,
    body: unknown,
  ): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    if (id === null) return this.#open(caller, view, request, body)
    const conversation = this.#conversationOf(caller, view, id)
    return conversation?.answer(request, body) ?? webProblem(404, 'Session not found', -32_001)
  }

  #conversationOf(
    caller: HttpCaller,
    view: ServerName | undefined,
    id: string | readonly string[] | undefined,
  ): StatefulConversation | undefined {
    const conversation = typeof id === 'string' ? this.#stateful.get(id) : undefined
    const isOwn = conversation?.clientId === caller.client.id && conversation.credentialId === caller.credentialId
    return isOwn && conversation.view === view ? conversation : undefined
  }

  async #open(caller: HttpCaller, view: ServerName | undefined, request: Request, body: unknown): Promise<Response> {
    if (!isInitializeRequest(body)) return webProblem(400, 'Bad Request: Mcp-Session-Id header is required')
    if (this.#stateful.size >= mostConversations) return webProblem(503, 'Too many sessions are open')
    const { client, credentialId } = caller
    const opened = this.parts.sessions.open({
      clientId: client.id,
      door: 'http',
      credentialId,
      ...(view ? { view } : {}),
    })
    const conversation: StatefulConversation = new StatefulConversation(opened, credentialId, view, this.parts, () =>
      this.#stateful.delete(conversation.id),
    )
    this.#stateful.set(conversation.id, conversation)
    const answer = await conversation.answer(request, body)
    if (!answer.ok) await conversation.close()
    return answer
  }
}

/** A stream that stands open ends with the key it was opened with. */
function endWithKey({ expiresAt }: HttpCaller, answer: Response, response: ServerResponse): void {
  if (expiresAt === undefined || !answer.headers.get('content-type')?.startsWith('text/event-stream')) return
  const end = setTimeout(() => response.destroy(), Math.min(expiresAt - Date.now(), longestTimerMs)).unref()
  response.once('close', () => clearTimeout(end))
}

function parsedBody(request: FastifyRequest): { readonly value: unknown } | { readonly malformed: true } {
  if (request.method !== 'POST') return { value: undefined }
  try {
    return { value: JSON.parse((request.body as Buffer | undefined)?.toString('utf8') ?? '') }
  } catch {
    return { malformed: true }
  }
}

const jsonOf = (sessionId: string | undefined) => ({
  'content-type': 'application/json',
  ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
})

const rpcError = (message: string, code: number) => ({ jsonrpc: '2.0', id: null, error: { code, message } })

function problem(reply: FastifyReply, status: number, message: string, code = refusedCode): FastifyReply {
  return reply.status(status).type('application/json').send(rpcError(message, code))
}

function refuseKey(reply: FastifyReply, showedKey: boolean, shown: ShownCertificate | undefined): FastifyReply {
  reply.header('www-authenticate', `Bearer realm="Gatehouse"${showedKey ? ', error="invalid_token"' : ''}`)
  return problem(reply, 401, refusalOfCertificate(shown) ?? 'An API key is needed: gatehouse clients token NAME')
}

function webProblem(status: number, message: string, code = -32_000): Response {
  return Response.json(rpcError(message, code), { status })
}
