import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, sep } from 'node:path'
import cookies from '@fastify/cookie'
import files from '@fastify/static'
import fastify, { type FastifyInstance } from 'fastify'
import { contract, type GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { inputInvalid, portInUse } from '../../../shared/errors.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import type { Events } from '../../events/events.ts'
import { clientErrorHandler } from '../client-error.ts'
import { noSchemas } from '../no-schemas.ts'
import { type Operator, OperatorGate } from '../operator-gate.ts'
import { contractServer, eventText, type ShellLog, wireError } from '../serve-contract.ts'
import { type BrowserCaller, browserGuard } from './browser-guard.ts'
import { type BrowserSession, BrowserSessions } from './browser-sessions.ts'
import { serveLoginPage } from './login-page.ts'
import { checkOrigin } from './request-origin.ts'
import { securityHeaders } from './security-headers.ts'
import { clientErrorStatus, serveSessions, sessionCookie, statusOf } from './session-routes.ts'
import { WindowSocket } from './window-socket.ts'

export interface BrowserShellParts {
  /** 0 takes any free port. */
  readonly port: number
  readonly handlers: GatehouseHandlers
  readonly events: Events
  /** The built renderer: `dist/renderer`. */
  readonly rendererDir: string
  readonly operator: Operator
  /** Whoever started the app gave the right passphrase in the environment (or set it now), so their link opens unlocked. */
  readonly starterProved?: boolean
  /** Adds the MCP endpoint's routes, in a scope of their own. */
  readonly registerMcp?: (http: FastifyInstance) => void
  readonly log: ShellLog
  readonly language?: () => Language
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number
}

export interface BrowserShell {
  /** The window's address, without any secret in it. */
  readonly url: string
  /** Signs in once, within ten minutes. Only for the terminal that started the app. */
  readonly loginUrl: string
  readonly httpUrl: string
  close(): Promise<void>
  connectedWindows(): number
}

/** @throws browser.port when the port is taken */
export async function startBrowserShell(parts: BrowserShellParts): Promise<BrowserShell> {
  const language = parts.language ?? (() => 'en' as const)
  const sessions = new BrowserSessions(parts.nowMs)
  const gate = new OperatorGate(parts.operator, parts.nowMs)
  const http = fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: 60_000,
    clientErrorHandler,
    schemaController: noSchemas,
  })
  http.removeContentTypeParser('text/plain') // what forms of other sites can send
  const bound = { port: parts.port }

  http.addHook('onRequest', async (request, reply) => {
    checkOrigin(request.raw, bound.port)
    if (!request.url.startsWith('/mcp')) reply.headers(securityHeaders)
  })
  http.setErrorHandler((error, request, reply) => {
    const known = clientErrorStatus(error) === undefined ? error : inputInvalid('This request was not understood.')
    const place = `${request.method} ${request.routeOptions.url ?? ''}`
    const answer = wireError(known, parts.log, language(), place)
    return reply.headers(securityHeaders).status(statusOf(error)).send({ error: answer })
  })
  http.setNotFoundHandler((_, reply) => reply.status(404).type('text/plain').send('Not found'))
  await http.register(cookies)
  serveSessions(http, { sessions, gate, starterProved: parts.starterProved ?? false })
  serveLoginPage(http)
  await http.register(files, { root: parts.rendererDir, cacheControl: false, setHeaders: keepFor(parts.rendererDir) })
  const { registerMcp } = parts
  if (registerMcp) await http.register(async (scope) => registerMcp(scope))

  const windows = serveWindows(http, parts, { sessions, gate, language, bound })
  const stopEvents = parts.events.onAny((name, payload) => {
    const text = windows.count > 0 ? eventText(contract, name, payload) : undefined
    if (text) windows.broadcast(text)
  })
  bound.port = await listen(http, parts.port)
  const httpUrl = `http://127.0.0.1:${bound.port}`
  return {
    url: `${httpUrl}/`,
    loginUrl: `${httpUrl}/login#${sessions.mintLogin()}`,
    httpUrl,
    connectedWindows: () => windows.count,
    close: async () => {
      stopEvents()
      windows.close()
      await http.close()
    },
  }
}

/** Built files carry a hash of their contents in their names and never change; the page that names them is always asked for. */
const keepFor = (rendererDir: string) => (reply: { header(name: string, value: string): unknown }, path: string) =>
  reply.header(
    'cache-control',
    path.startsWith(join(rendererDir, 'assets') + sep) ? 'public, max-age=31536000, immutable' : 'no-store',
  )

interface Served {
  readonly sessions: BrowserSessions
  readonly gate: OperatorGate
  readonly language: () => Language
  readonly bound: { readonly port: number }
}

function serveWindows(http: FastifyInstance, parts: BrowserShellParts, served: Served): WindowSocket {
  const { sessions, gate, language, bound } = served
  const pending = (caller: BrowserCaller) => parts.handlers.approvals.pending(undefined, caller)
  const guard = browserGuard({ sessions, gate, pending })
  const server = contractServer(contract, parts.handlers, { guard, log: parts.log, language })
  return new WindowSocket(http.server, {
    admit: (request, windowKey) => {
      checkOrigin(request, bound.port)
      if (request.headers.origin === undefined) return undefined
      const session = sessions.find(cookieOf(http, request))
      return session?.unlocked && sessions.holdsKey(session, windowKey) ? session : undefined
    },
    stillOpen: (session) => session.unlocked,
    dispatch: async (session, channel, input) => {
      const answer = await server.dispatch(channel, input, callerOf(session))
      if (answer.ok && channel === 'system.setOperator') sessions.confirm(session)
      return answer
    },
  })
}

const callerOf = (session: BrowserSession): BrowserCaller => ({ carrier: 'browser', description: 'browser', session })

const cookieOf = (http: FastifyInstance, request: IncomingMessage): string | undefined =>
  http.parseCookie(request.headers.cookie ?? '')[sessionCookie]

async function listen(http: FastifyInstance, port: number): Promise<number> {
  try {
    await http.listen({ host: '127.0.0.1', port })
  } catch (error) {
    await http.close()
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portInUse(port) : error
  }
  return (http.server.address() as AddressInfo).port
}
