import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { type StartPairing, startPairing } from './device-endpoint.ts'

/** Tokens as the endpoint hands them out; times in epoch milliseconds. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly accessExpiresAt: number
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

/** Why a grant gives nothing, as RFC 6749 and RFC 8628 name it. */
export interface GrantRefusal {
  readonly error:
    | 'invalid_grant'
    | 'invalid_client'
    | 'authorization_pending'
    | 'slow_down'
    | 'expired_token'
    | 'access_denied'
  readonly description?: string
}

/**
 * One way to get tokens, by its `grant_type`.
 *
 * @param asked the request's parameters, each once
 * @param request for its Authorization header and its connection
 */
export type Grant = (
  asked: ReadonlyMap<string, string>,
  request: FastifyRequest,
) => Promise<IssuedTokens | GrantRefusal>

export interface TokenEndpointParts {
  /** By `grant_type`; a door of its own adds its own here. */
  readonly grants: ReadonlyMap<string, Grant>
  /** Ends what a token belongs to. @returns false for none of ours */
  readonly revoke: (token: string) => Promise<boolean>
  readonly startPairing?: StartPairing
  readonly now?: () => number
}

const mostBytes = 16 * 1024

/**
 * `POST /oauth/token`, `/oauth/device_authorization` and `/oauth/revoke`: form or JSON. Registered beside the MCP routes, whose checks of where a
 * request comes from hold here too.
 *
 * @see RFC 6749, section 5; RFC 7009
 */
export function registerTokenRoutes(http: FastifyInstance, parts: TokenEndpointParts): void {
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    const types = ['application/x-www-form-urlencoded', 'application/json']
    scope.addContentTypeParser(types, { parseAs: 'string', bodyLimit: mostBytes }, (request, body, done) =>
      done(null, asked(request.headers['content-type'] ?? '', String(body))),
    )
    scope.post('/oauth/token', (request, reply) => issue(parts, request, reply))
    const { startPairing: start } = parts
    if (start)
      scope.post('/oauth/device_authorization', (request, reply) =>
        startPairing(start, request.body as ReadonlyMap<string, string> | undefined, request, reply),
      )
    scope.post('/oauth/revoke', (request, reply) => revoke(parts, request, reply))
  })
}

async function issue(parts: TokenEndpointParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const params = request.body as ReadonlyMap<string, string> | undefined
  const type = params?.get('grant_type')
  if (!params || type === undefined) return refuse(reply, 'invalid_request', 'grant_type is missing')
  const grant = parts.grants.get(type)
  if (!grant) return refuse(reply, 'unsupported_grant_type')
  try {
    const given = await grant(params, request)
    if ('error' in given) return refuse(reply, given.error, given.description)
    const now = (parts.now ?? Date.now)()
    return reply.header('pragma', 'no-cache').send({
      access_token: given.accessToken,
      token_type: 'Bearer',
      expires_in: Math.round((given.accessExpiresAt - now) / 1000),
      refresh_token: given.refreshToken,
      refresh_expires_in: Math.round((given.refreshExpiresAt - now) / 1000),
    })
  } catch (error) {
    if (error instanceof GatehouseError && error.code.startsWith('client.'))
      return refuse(reply, 'invalid_grant', sentence(error, 'model'))
    throw error
  }
}

/** Always 200 for a token, ours or not: the answer tells nothing about it. @see RFC 7009, section 2.2 */
async function revoke(parts: TokenEndpointParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const token = (request.body as ReadonlyMap<string, string> | undefined)?.get('token')
  if (token === undefined) return refuse(reply, 'invalid_request', 'token is missing')
  await parts.revoke(token)
  return reply.send({})
}

function refuse(reply: FastifyReply, error: string, description?: string): FastifyReply {
  const status = error === 'invalid_client' ? 401 : 400
  return reply.status(status).send({ error, ...(description === undefined ? {} : { error_description: description }) })
}

/** Parameters by name; undefined for a body that is not understood, or names one twice. */
function asked(contentType: string, body: string): ReadonlyMap<string, string> | undefined {
  const pairs = contentType.startsWith('application/json') ? jsonPairs(body) : [...new URLSearchParams(body)]
  const params = new Map(pairs)
  return pairs === undefined || params.size !== pairs.length ? undefined : params
}

function jsonPairs(body: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text] as const] : [],
    ) as [string, string][]
  } catch {
    return undefined
  }
}
