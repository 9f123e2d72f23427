import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from '../clients/access-tokens.ts'
import type { Clients } from '../clients/clients.ts'
import type { DevicePairing } from '../clients/device-pairing.ts'
import type { Grant } from '../gateway/token-endpoint.ts'
import { endsOf, type VouchForKey } from '../gateway/vouched-connections.ts'

const usedUp = {
  error: 'invalid_grant',
  description: 'The refresh token is unknown, expired, revoked or was used before; begin anew.',
} as const

/**
 * The ways to short-lived tokens: the refresh token of before, an API key (`client_credentials`, the key as bearer), and a
 * device code the person said yes to. A key is judged with the program that shows it, as everywhere.
 */
export function tokenGrants(
  tokens: Pick<AccessTokens, 'begin' | 'refresh'>,
  authenticate: Clients['authenticate'],
  vouch: VouchForKey,
  pairing: Pick<DevicePairing, 'poll'>,
): Map<string, Grant> {
  return new Map<string, Grant>([
    ['refresh_token', async (asked) => (await tokens.refresh(asked.get('refresh_token') ?? '')) ?? usedUp],
    [
      'urn:ietf:params:oauth:grant-type:device_code',
      async (asked) => {
        const got = await pairing.poll(asked.get('device_code') ?? '')
        return typeof got === 'string' ? { error: got } : got
      },
    ],
    [
      'client_credentials',
      async (_asked, request) => {
        const caller = await authenticate(bearerOf(request))
        if (!caller) return { error: 'invalid_client', description: 'An API key is needed as bearer token.' }
        await vouch(caller, endsOf(request.raw.socket))
        return tokens.begin(caller.client.id, caller.credentialId)
      },
    ],
  ])
}

const bearerOf = ({ headers }: FastifyRequest) => /^Bearer (\S{1,512})$/i.exec(headers.authorization ?? '')?.[1] ?? ''
