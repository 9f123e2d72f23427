import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'

export interface StartedPairing {
  readonly deviceCode: string
  readonly userCode: string
  readonly expiresInS: number
  readonly intervalS: number
}

/** Begins a pairing by device code for the client of this name. @throws GatehouseError what refuses it */
export type StartPairing = (clientName: string, request: FastifyRequest) => Promise<StartedPairing>

/** Where the person answers: a link that only opens the window. */
const verificationUri = 'gatehouse://approvals'

/**
 * `POST /oauth/device_authorization` with `client_id`, the name the client wants to be known by.
 * @see RFC 8628, sections 3.1 and 3.2
 */
export async function startPairing(
  start: StartPairing,
  asked: ReadonlyMap<string, string> | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const name = asked?.get('client_id')
  if (name === undefined) return refused(reply, 400, 'invalid_request', 'client_id is missing: the name of your app')
  try {
    const { deviceCode, userCode, expiresInS, intervalS } = await start(name, request)
    return reply.send({
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      expires_in: expiresInS,
      interval: intervalS,
    })
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code === 'internal.unexpected') throw error
    const text = sentence(error, 'model')
    if (error.code === 'input.invalid') return refused(reply, 400, 'invalid_request', text)
    if (error.code === 'client.pairing-busy') return refused(reply.header('retry-after', '60'), 429, 'slow_down', text)
    return refused(reply, 400, 'access_denied', text)
  }
}

const refused = (reply: FastifyReply, status: number, error: string, description: string) =>
  reply.status(status).send({ error, error_description: description })
