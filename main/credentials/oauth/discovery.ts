import { z } from 'zod'
import { OAuthProblem } from './oauth-problem.ts'
import type { OAuthSdk } from './sdk.ts'

/** A fetch that goes only where the server's sign-in may lead, bounded in size and time. @throws OAuthProblem */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

type Described = NonNullable<Awaited<ReturnType<OAuthSdk['discoverAuthorizationServerMetadata']>>>
/** What OAuth and OpenID Connect describe alike, whichever of the two documents was found. */
const alsoSaid = z.object({
  revocation_endpoint: z.string().optional(),
  revocation_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
  dpop_signing_alg_values_supported: z.array(z.string()).optional(),
})
type Metadata = Described & z.output<typeof alsoSaid>

/** Where a server sends those who want in. */
export interface SignInPlace {
  readonly issuer: string
  readonly metadata: Metadata
  /** What tokens are asked for (RFC 8707), as the server's metadata writes it. */
  readonly resource: string
  readonly resourceScopes: readonly string[] | undefined
}

/**
 * Finds the authorization server of a remote server, and refuses one that could not keep what OAuth 2.1 asks of it.
 *
 * @param metadataUrl where the server said its metadata is, if it did
 * @param wanted of a sign-in without a person: its authorization server, and the grant asked for there
 * @throws OAuthProblem, IssuerMismatchError
 * @see MCP 2025-11-25, “Authorization Server Discovery”, “Authorization Code Protection” (no S256, no sign-in)
 */
export async function discover(
  server: URL,
  metadataUrl: string | undefined,
  fetchFn: GuardedFetch,
  sdk: OAuthSdk,
  wanted?: { readonly issuer: string; readonly grantType: string },
): Promise<SignInPlace> {
  if (metadataUrl !== undefined) checkMetadataPlace(server, metadataUrl)
  const said = await resourceMetadata(server, metadataUrl, fetchFn, sdk)
  const own = sdk.resourceUrlFromServerUrl(server)
  const resource = said?.resource ?? own.href
  if (!URL.canParse(resource) || !sdk.checkResourceAllowed({ requestedResource: own, configuredResource: resource }))
    throw new OAuthProblem('it names another server as the one to sign in to. Nothing was sent there.')
  const places = said?.authorization_servers ?? [new URL('/', server).href]
  const place = wanted === undefined ? places[0] : places.find((one) => sameIssuer(one, wanted.issuer))
  if (place === undefined)
    throw new OAuthProblem(
      'it wants a sign-in at another service than the one you named. Nothing was sent there.',
      true,
    )
  const metadata = await described(place, fetchFn, sdk)
  if (wanted === undefined) checkCodes(metadata)
  else checkGrant(metadata, wanted.grantType)
  checkEndpoints(metadata)
  return { issuer: metadata.issuer, metadata, resource, resourceScopes: said?.scopes_supported }
}

/** What a service says of itself. @throws OAuthProblem, IssuerMismatchError */
export async function described(place: string, fetchFn: GuardedFetch, sdk: OAuthSdk): Promise<Metadata> {
  const found = await sdk.discoverAuthorizationServerMetadata(place, { fetchFn })
  if (found === undefined) throw new OAuthProblem('it names a sign-in service, but there is none at that address.')
  return { ...found, ...alsoSaid.parse(found) }
}

/** Undefined when the server has none (revisions before 2025-06-18); it is then its own authorization server. */
async function resourceMetadata(server: URL, metadataUrl: string | undefined, fetchFn: GuardedFetch, sdk: OAuthSdk) {
  const statuses: number[] = []
  const watched: GuardedFetch = async (url, init) => {
    const answer = await fetchFn(url, init)
    statuses.push(answer.status)
    return answer
  }
  const options = metadataUrl === undefined ? {} : { resourceMetadataUrl: metadataUrl }
  try {
    return await sdk.discoverOAuthProtectedResourceMetadata(server, options, watched)
  } catch (error) {
    if (error instanceof OAuthProblem) throw error
    const has = metadataUrl !== undefined || statuses.some((status) => status < 400 || status >= 500)
    if (has) throw new OAuthProblem('what it says of its sign-in cannot be read.')
    return undefined
  }
}

/** People write an issuer with or without the slash at its end. */
const sameIssuer = (one: string, other: string) => one.replace(/\/$/, '') === other.replace(/\/$/, '')

function checkGrant({ grant_types_supported }: Metadata, grantType: string): void {
  if (grant_types_supported !== undefined && !grant_types_supported.includes(grantType))
    throw new OAuthProblem('the service does not offer this kind of sign-in.', true)
}

export function checkCodes(metadata: Metadata): void {
  if (!metadata.response_types_supported.includes('code'))
    throw new OAuthProblem('the service offers no sign-in that Gatehouse can do.')
  if (metadata.code_challenge_methods_supported?.includes('S256') !== true)
    throw new OAuthProblem('the service does not protect the code it gives (PKCE with S256).')
}

export function checkEndpoints(metadata: Metadata): void {
  const { authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint } = metadata
  for (const endpoint of [authorization_endpoint, token_endpoint, registration_endpoint, revocation_endpoint])
    if (endpoint !== undefined) checkEndpoint(endpoint, metadata.issuer)
}

/**
 * What a server of this computer says must not send Gatehouse to other programs of this computer: its metadata lies at its
 * own port. @throws OAuthProblem
 */
function checkMetadataPlace(server: URL, metadataUrl: string): void {
  const place = URL.canParse(metadataUrl) ? new URL(metadataUrl) : undefined
  if (place && isHere(place.hostname) && place.host !== server.host) throw new OAuthProblem(otherProgram)
}

const otherProgram = 'its sign-in leads to another program of this computer. Nothing was sent there.'

/**
 * @param issuer who names it: on this computer, an endpoint must be at the issuer's own port, so that no other program here
 *   is sent anything
 * @throws OAuthProblem unless it is https, or http on this computer
 */
export function checkEndpoint(endpoint: string, issuer?: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const plain = url?.protocol === 'http:' && isHere(url.hostname)
  if (url === undefined || (url.protocol !== 'https:' && !plain) || url.username !== '' || url.password !== '')
    throw new OAuthProblem('the service has an address that is not protected by encryption (https).')
  if (issuer !== undefined && isHere(url.hostname) && url.host !== new URL(issuer).host)
    throw new OAuthProblem(otherProgram)
}

export const isHere = (hostname: string) =>
  /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]' || /(^|\.)localhost$/.test(hostname)
