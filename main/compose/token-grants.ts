import type { FastifyRequest } from 'fastify'
import type { AccessTokens } from '../clients/access-tokens.ts'
import type { Clients } from '../clients/clients.ts'
import type { Grant } from '../gateway/token-endpoint.ts'
import { endsOf, type VouchForKey } from '../gateway/vouched-connections.ts'

const usedUp = {
  error: 'invalid_grant',
  description: 'The refresh token is unknown, expired, revoked or was used before; begin anew.',
} as const

/**
 * The ways to short-lived tokens that need nobody at the window: the refresh token of before, and an API key
 * (`client_credentials`, the key as bearer). A key is judged with the program that shows it, as everywhere.
 */
export function tokenGrants(
  tokens: Pick<AccessTokens, 'begin' | 'refresh'>,
  authenticate: Clients['authenticate'],
  vouch: VouchForKey,
): Map<string, Grant> {
  return new Map<string, Grant>([
    ['refresh_token', async (asked) => (await tokens.refresh(asked.get('refresh_token') ?? '')) ?? usedUp],
    [
      'client_credentials',
      async (_asked, request) => {
        const caller = authenticate(bearerOf(request))
        if (!caller) return { error: 'invalid_client', description: 'An API key is needed as bearer token.' }
        await vouch(caller, endsOf(request.raw.socket))
        return tokens.begin(caller.client.id, caller.credentialId)
      },
    ],
  ])
}

const bearerOf = ({ headers }: FastifyRequest) => /^Bearer (\S{1,512})$/i.exec(headers.authorization ?? '')?.[1] ?? ''
