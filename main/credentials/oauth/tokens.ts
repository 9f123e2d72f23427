import type { GuardedFetch, SignInPlace } from './discovery.ts'
import { type Binding, bindingFor } from './dpop.ts'
import { OAuthProblem, oauthProblem } from './oauth-problem.ts'
import type { OAuthSdk } from './sdk.ts'
import type { Grant, OAuthClient } from './sign-in-record.ts'

/** Tokens are renewed so long before they end, or halfway when they live shorter. */
const renewAheadMs = 60_000

export type Tokens = Awaited<ReturnType<OAuthSdk['refreshAuthorization']>>

/** A sign-in that waits for the person's browser. */
export interface Waiting {
  readonly place: Pick<SignInPlace, 'issuer' | 'metadata'>
  readonly client: OAuthClient
  readonly redirectUrl: string
  readonly verifier: string
  readonly scope: string | undefined
}

/** What the browser brought back, once it was checked. */
export interface Answer {
  readonly code: string
  readonly iss?: string
}

/**
 * Turns a code into tokens; the answer's issuer is compared before the code is sent anywhere.
 * @throws OAuthProblem
 */
export async function tokensFor(
  answer: Answer,
  waiting: Waiting,
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
  more: { readonly resource?: string; readonly binding?: Binding | undefined } = {},
): Promise<Tokens> {
  const { place, client } = waiting
  const { resource, binding } = more
  try {
    return await sdk.exchangeAuthorization(place.issuer, {
      metadata: place.metadata,
      clientInformation: informationOf(client),
      authorizationCode: answer.code,
      ...(answer.iss === undefined ? {} : { iss: answer.iss }),
      codeVerifier: waiting.verifier,
      redirectUri: waiting.redirectUrl,
      ...(resource === undefined ? {} : { resource }),
      ...(binding && { dpop: binding.session }),
      fetchFn,
    })
  } catch (error) {
    throw oauthProblem(error, sdk)
  }
}

/** @throws OAuthProblem */
export async function exchange(
  answer: Answer,
  waiting: Waiting & { readonly place: SignInPlace },
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
  now: number,
): Promise<Grant> {
  const { place, client, scope } = waiting
  const binding = await bindingFor(place, sdk)
  const tokens = await tokensFor(answer, waiting, fetchFn, sdk, { resource: place.resource, binding })
  return grantOf(place, client, tokens, { now, scope, binding })
}

/** @throws OAuthProblem for a token no header can carry, or of a kind that was not asked for */
export function grantOf(
  { issuer, resource, metadata }: SignInPlace,
  client: OAuthClient,
  tokens: Tokens,
  asked: Asked,
): Grant {
  return { issuer, resource, ...endpointsOf(metadata), client, ...held(tokens, asked) }
}

function endpointsOf(metadata: SignInPlace['metadata']) {
  const revocationEndpoint = metadata.revocation_endpoint
  const revocationMethods = metadata.revocation_endpoint_auth_methods_supported
  return {
    tokenEndpoint: metadata.token_endpoint,
    tokenMethods: metadata.token_endpoint_auth_methods_supported ?? [],
    ...(revocationEndpoint === undefined ? {} : { revocationEndpoint }),
    ...(revocationMethods === undefined ? {} : { revocationMethods }),
  }
}

/**
 * New tokens for old ones, at the server that gave them. A refresh token that was replaced is not used again.
 * @param binding to the key the old tokens are bound to
 * @throws OAuthProblem; `final` when the person has to sign in again
 */
export async function renew(
  grant: Grant,
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
  { now, binding }: { readonly now: number; readonly binding: Binding | undefined },
): Promise<Grant> {
  const { issuer, resource, refreshToken, tokenEndpoint, tokenMethods, client } = grant
  if (refreshToken === undefined) throw new OAuthProblem('it cannot be renewed.', true)
  try {
    const tokens = await sdk.refreshAuthorization(issuer, {
      metadata: {
        issuer,
        authorization_endpoint: tokenEndpoint,
        token_endpoint: tokenEndpoint,
        response_types_supported: ['code'],
        token_endpoint_auth_methods_supported: tokenMethods,
      },
      clientInformation: informationOf(client),
      refreshToken,
      resource,
      ...(binding && { dpop: binding.session }),
      fetchFn,
    })
    const { accessToken: _, expiresAt: __, renewAt: ___, key: ____, ...rest } = grant
    return { ...rest, ...held(tokens, { now, scope: grant.scope, binding }) }
  } catch (error) {
    throw oauthProblem(error, sdk)
  }
}

/**
 * Tells the server to forget what it gave (RFC 7009): the refresh token, then the access token.
 * @returns false when it offers no way or did not do it
 */
export async function revoke(grant: Grant, fetchFn: GuardedFetch, sdk: OAuthSdk): Promise<boolean> {
  const { revocationEndpoint, refreshToken, accessToken, client } = grant
  if (revocationEndpoint === undefined) return false
  const tokens = [
    ...(refreshToken === undefined ? [] : [['refresh_token', refreshToken] as const]),
    ['access_token', accessToken] as const,
  ]
  const method = sdk.selectClientAuthMethod(informationOf(client), [...(grant.revocationMethods ?? grant.tokenMethods)])
  try {
    for (const [hint, token] of tokens) {
      const answer = await fetchFn(revocationEndpoint, revocation(hint, token, client, method))
      if (!answer.ok) return false
    }
    return true
  } catch {
    return false
  }
}

function revocation(hint: string, token: string, { id, secret }: OAuthClient, method: string): RequestInit {
  const basic = method === 'client_secret_basic' && secret !== undefined
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic ? { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } : {}),
    },
    body: new URLSearchParams({
      token,
      token_type_hint: hint,
      ...(basic ? {} : { client_id: id }),
      ...(!basic && secret !== undefined ? { client_secret: secret } : {}),
    }),
  }
}

export function informationOf({ id, secret, method }: OAuthClient) {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
  }
}

interface Asked {
  readonly now: number
  readonly scope: string | undefined
  readonly binding: Binding | undefined
}

function held(tokens: Tokens, { now, scope: asked, binding }: Asked) {
  const kind = tokens.token_type.toLowerCase()
  const bound = kind === 'dpop' ? binding : undefined
  if (kind !== 'bearer' && bound === undefined)
    throw new OAuthProblem('the service gave a kind of token Gatehouse does not use.')
  if (!/^[\x21-\x7e]{1,16384}$/.test(tokens.access_token))
    throw new OAuthProblem('the service gave a token that no request can carry.')
  const scope = tokens.scope ?? asked
  const lifeMs = tokens.expires_in === undefined ? undefined : Math.max(0, tokens.expires_in) * 1000
  return {
    accessToken: tokens.access_token,
    ...(bound === undefined ? {} : { key: bound.key }),
    ...(tokens.refresh_token ? { refreshToken: tokens.refresh_token } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(lifeMs === undefined
      ? {}
      : { expiresAt: now + lifeMs, renewAt: now + Math.max(lifeMs - renewAheadMs, lifeMs / 2) }),
  }
}
