import { decodeJwt } from 'jose'
import type { MachineSignIn } from '../../../shared/domain/machine-sign-in.ts'
import { checkCodes, checkEndpoints, described, type GuardedFetch, type SignInPlace } from './discovery.ts'
import { OAuthProblem, oauthProblem } from './oauth-problem.ts'
import type { OAuthSdk } from './sdk.ts'
import { fingerprintOf, type Identity, type OAuthClient } from './sign-in-record.ts'
import { informationOf, type Tokens } from './tokens.ts'

export type CompanyPage = Extract<MachineSignIn, { kind: 'company-page' }>

/** Asked for anew so long before it ends. */
const aheadMs = 30_000

/** Only the person can go on: at their company's page. */
export class PersonNeeded extends OAuthProblem {
  constructor() {
    super('your company’s sign-in service wants to see you again.', true)
  }
}

/** Where the person signs in. @throws OAuthProblem, IssuerMismatchError */
export async function providerOf(
  { provider }: CompanyPage,
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
): Promise<Pick<SignInPlace, 'issuer' | 'metadata'>> {
  const metadata = await described(provider.issuer, fetchFn, sdk)
  checkCodes(metadata)
  checkEndpoints(metadata)
  return { issuer: metadata.issuer, metadata }
}

/** `openid` for the ID token; `offline_access`, where it is offered, so that the person is not asked every hour. */
export const identityScope = ({ scopes_supported: offered }: SignInPlace['metadata']): string =>
  offered?.includes('offline_access') ? 'openid offline_access' : 'openid'

/** @throws OAuthProblem when what was answered is no ID token of this provider for this client */
export function identityIn(
  signIn: CompanyPage,
  { issuer, metadata }: Pick<SignInPlace, 'issuer' | 'metadata'>,
  client: OAuthClient,
  tokens: Tokens,
): Identity {
  return {
    machine: fingerprintOf(signIn) as string,
    issuer,
    tokenEndpoint: metadata.token_endpoint,
    tokenMethods: metadata.token_endpoint_auth_methods_supported ?? [],
    client,
    idToken: checkedToken(tokens.id_token, issuer, client.id),
    ...(tokens.refresh_token ? { refreshToken: tokens.refresh_token } : {}),
  }
}

/**
 * It came from the provider itself over TLS, so who it is from and for is all there is to check.
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
function checkedToken(token: string | undefined, issuer: string, clientId: string): string {
  try {
    const { iss, aud } = decodeJwt(token ?? '')
    if (token !== undefined && iss === issuer && [aud].flat().includes(clientId)) return token
  } catch {
    // told below
  }
  throw new OAuthProblem('your company’s sign-in service did not say who you are.', true)
}

/**
 * The ID token, renewed where it is about to end.
 * @returns the same identity while it still holds
 * @throws PersonNeeded; OAuthProblem when the provider cannot be asked now
 */
export async function renewedIdentity(
  identity: Identity | undefined,
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
  now: number,
): Promise<Identity> {
  if (identity === undefined) throw new PersonNeeded()
  const { exp = 0 } = decodeJwt(identity.idToken)
  if (exp * 1000 - aheadMs > now) return identity
  const { issuer, client, refreshToken, tokenEndpoint, tokenMethods } = identity
  if (refreshToken === undefined) throw new PersonNeeded()
  try {
    const metadata = {
      issuer,
      authorization_endpoint: tokenEndpoint,
      token_endpoint: tokenEndpoint,
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: tokenMethods,
    }
    const clientInformation = informationOf(client)
    const tokens = await sdk.refreshAuthorization(issuer, { metadata, clientInformation, refreshToken, fetchFn })
    const idToken = checkedToken(tokens.id_token, issuer, client.id)
    return { ...identity, idToken, ...(tokens.refresh_token ? { refreshToken: tokens.refresh_token } : {}) }
  } catch (error) {
    const problem = oauthProblem(error, sdk)
    throw problem.final ? new PersonNeeded() : problem
  }
}
