import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { GatehouseError, inputInvalid, operatorRequired } from '../../../shared/errors.ts'
import type { OperatorGate } from '../operator-gate.ts'
import type { BrowserSession, BrowserSessions } from './browser-sessions.ts'

export const sessionCookie = 'gatehouse_session'
const loginBody = z.union([z.strictObject({ token: z.string().max(200) }), z.strictObject({ passphrase: z.string() })])
const confirmBody = z.strictObject({ passphrase: z.string().max(4096) })
const smallBody = { bodyLimit: 16 * 1024 }

export interface SessionRouteParts {
  readonly sessions: BrowserSessions
  readonly gate: OperatorGate
  /** Whoever started the app proved the passphrase in doing so; their login link needs no second proof. */
  readonly starterProved: boolean
}

/** Signing in, asking who one is, and proving the person's presence. JSON only. */
export function serveSessions(http: FastifyInstance, parts: SessionRouteParts): void {
  const { sessions, gate } = parts

  http.post('/api/login', smallBody, async (request, reply) => {
    const proof = parse(loginBody, request.body)
    if ('token' in proof) sessions.redeemLogin(proof.token)
    else await gate.prove('browser', proof.passphrase)
    const proved = 'passphrase' in proof
    const opened = sessions.open(proved || parts.starterProved || !(await gate.isSet()))
    if (proved) sessions.confirm(opened.session)
    setCookie(reply, opened.cookie)
    return { authenticated: true, locked: !opened.session.unlocked, windowKey: opened.windowKey }
  })

  http.get('/api/session', async (request) => {
    const session = sessionOf(request, sessions)
    return session ? { authenticated: true, locked: !session.unlocked } : { authenticated: false }
  })

  http.post('/api/confirm', smallBody, async (request) => {
    const session = sessionOf(request, sessions)
    if (!session) throw operatorRequired()
    await gate.prove('browser', parse(confirmBody, request.body).passphrase)
    sessions.confirm(session)
    return { confirmed: true }
  })
}

export const sessionOf = (request: FastifyRequest, sessions: BrowserSessions): BrowserSession | undefined =>
  sessions.find(request.cookies[sessionCookie])

/** HTTP status of a refusal outside the socket. */
export function statusOf(error: unknown): number {
  if (!(error instanceof GatehouseError)) return clientErrorStatus(error) ?? 500
  if (error.code === 'operator.throttled') return 429
  if (error.code === 'input.invalid') return 400
  return error.code === 'internal.unexpected' ? 500 : 403
}

/** A request the HTTP server itself refused: too long, of the wrong type, not JSON. */
export function clientErrorStatus(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

function setCookie(reply: FastifyReply, value: string): void {
  reply.setCookie(sessionCookie, value, { httpOnly: true, sameSite: 'strict', path: '/' })
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw inputInvalid('This request was not understood.')
  return parsed.data
}
