import type { GuardedFetch, SignInPlace } from './discovery.ts'
import { OAuthProblem } from './oauth-problem.ts'
import type { OAuthSdk } from './sdk.ts'
import type { OAuthClient, SignInRecord } from './sign-in-record.ts'

export interface Introduction {
  readonly place: SignInPlace
  readonly redirectUrl: string
  readonly scope: string | undefined
  /** What the person registered themself, and where it belongs. */
  readonly own: SignInRecord['own']
  /** Where Gatehouse's client metadata document is, when it has one. */
  readonly documentUrl: string | undefined
}

/**
 * How Gatehouse makes itself known: as the client the person registered, by its client ID metadata document, or by
 * registering anew, for this one redirect address.
 *
 * @throws OAuthProblem, RegistrationRejectedError
 * @see MCP 2025-11-25, “Client Registration Approaches”
 */
export async function introduce(how: Introduction, fetchFn: GuardedFetch, sdk: OAuthSdk): Promise<OAuthClient> {
  const { place, own, documentUrl } = how
  if (own !== undefined) {
    if (own.issuer !== place.issuer)
      throw new OAuthProblem(
        'its sign-in moved to another service than the one your client ID is for. Give one for the new service.',
      )
    return own
  }
  if (documentUrl !== undefined && documentSupported(place)) return { id: documentUrl, method: 'none' }
  if (place.metadata.registration_endpoint === undefined)
    throw new OAuthProblem('the service lets no client register itself. Give a client ID you registered there.')
  const registered = await sdk.registerClient(place.issuer, {
    metadata: place.metadata,
    clientMetadata: clientMetadata(how.redirectUrl, methodFor(place)),
    ...(how.scope === undefined ? {} : { scope: how.scope }),
    fetchFn,
  })
  return {
    id: registered.client_id,
    ...(registered.client_secret ? { secret: registered.client_secret } : {}),
    ...(registered.token_endpoint_auth_method ? { method: registered.token_endpoint_auth_method } : {}),
  }
}

/** What Gatehouse says of itself when it registers; also the contents of its client ID metadata document. */
export function clientMetadata(redirectUrl: string, method: string) {
  return {
    client_name: 'Gatehouse',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: method,
    application_type: 'native',
  }
}

const documentSupported = ({ metadata }: SignInPlace): boolean =>
  metadata.client_id_metadata_document_supported === true

/** A program on the person's computer keeps no secret from them; it is a public client wherever that is allowed. */
function methodFor({ metadata }: SignInPlace): string {
  const supported = metadata.token_endpoint_auth_methods_supported ?? ['none']
  return ['none', 'client_secret_basic', 'client_secret_post'].find((method) => supported.includes(method)) ?? 'none'
}
