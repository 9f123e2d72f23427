import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { OAuthClientProvider } from '@modelcontextprotocol/client'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import type { MachineSignIn, WrittenToken } from '../../../shared/domain/machine-sign-in.ts'
import { checkEndpoint, type GuardedFetch, type SignInPlace } from './discovery.ts'
import { bindingFor } from './dpop.ts'
import { OAuthProblem, oauthProblem } from './oauth-problem.ts'
import { scopeList } from './scopes.ts'
import type { OAuthSdk } from './sdk.ts'
import { fingerprintOf, type Grant, type Identity, type OAuthClient } from './sign-in-record.ts'
import { grantOf, informationOf, type Tokens } from './tokens.ts'

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** The grant asked for at the server's authorization server. */
export const grantTypeOf = ({ kind }: MachineSignIn): string =>
  kind === 'client-secret' || kind === 'client-key' ? 'client_credentials' : jwtBearer

export interface MachineAsk {
  readonly place: SignInPlace
  /** What the server wants, where the person named nothing. */
  readonly asked: string | undefined
  /** @throws OAuthProblem when it has no value */
  readonly secret: (name: string) => string
  /** What the company's identity provider said of the person. @throws OAuthProblem */
  readonly identity: () => Promise<Identity>
  readonly fetchFn: GuardedFetch
  readonly sdk: OAuthSdk
  readonly now: number
}

/**
 * Signs in without a person, once: a refusal is told, not tried in another way.
 * @throws OAuthProblem
 */
export async function signInByMachine(signIn: MachineSignIn, ask: MachineAsk): Promise<Grant> {
  const { place, sdk, now } = ask
  const scope = scopeList(signIn.scope ?? ask.asked ?? place.resourceScopes?.join(' ')).join(' ') || undefined
  try {
    const binding = await bindingFor(place, sdk)
    const client = clientOf(signIn, ask.secret)
    const params = await grantParams(signIn, ask, scope)
    const keyed = signIn.kind === 'client-key' ? { proveBy: keyProof(signIn, place, ask.secret) } : {}
    const request = { client, params, ...keyed, ...(binding && { dpop: binding.session }) }
    const tokens = await tokensFrom(place.metadata, request, ask, place.resource)
    const { refreshToken: _, ...grant } = grantOf(place, client, tokens, { now, scope, binding })
    return { ...grant, machine: fingerprintOf(signIn) as string }
  } catch (error) {
    throw oauthProblem(error, sdk)
  }
}

function clientOf(signIn: MachineSignIn, secret: MachineAsk['secret']): OAuthClient {
  const named = 'secret' in signIn ? signIn.secret : undefined
  return { id: signIn.clientId ?? '', ...(named === undefined ? {} : { secret: secret(named) }) }
}

async function grantParams(signIn: MachineSignIn, ask: MachineAsk, scope: string | undefined) {
  const wanted = scope === undefined ? {} : { scope }
  switch (signIn.kind) {
    case 'client-secret':
    case 'client-key':
      return { grant_type: 'client_credentials', ...wanted }
    case 'workload':
      return { grant_type: jwtBearer, assertion: await written(signIn.token, ask), ...wanted }
    case 'company': {
      const { tokenUrl, clientId, secret: named } = signIn.provider
      checkEndpoint(tokenUrl)
      const client = { id: clientId, ...(named === undefined ? {} : { secret: ask.secret(named) }) }
      const at = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
      const assertion = await companyGrant(await written(signIn.token, ask), { at, client }, ask, scope)
      return { grant_type: jwtBearer, assertion, ...wanted }
    }
    case 'company-page': {
      const { idToken, issuer, tokenEndpoint, tokenMethods, client } = await ask.identity()
      const at = { issuer, token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: tokenMethods }
      return { grant_type: jwtBearer, assertion: await companyGrant(idToken, { at, client }, ask, scope), ...wanted }
    }
  }
}

/**
 * The identity provider's grant (ID-JAG) for this server, in exchange for the person's ID token.
 * @see MCP extension `enterprise-managed-authorization`; RFC 8693
 */
async function companyGrant(
  idToken: string,
  { at, client }: { readonly at: Endpoint; readonly client: OAuthClient },
  ask: MachineAsk,
  scope: string | undefined,
): Promise<string> {
  const { place } = ask
  const params = {
    grant_type: tokenExchange,
    requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
    audience: place.issuer,
    resource: place.resource,
    subject_token: idToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    ...(scope === undefined ? {} : { scope }),
  }
  const { access_token: grant } = await tokensFrom(at, { client, params }, ask)
  if (headerOf(grant)?.typ !== 'oauth-id-jag+jwt')
    throw new OAuthProblem('your company’s sign-in service gave something else than a grant for this server.', true)
  return grant
}

interface TokenRequest {
  readonly client: OAuthClient
  readonly params: Readonly<Record<string, string>>
  /** Proves the client by something else than a secret. */
  readonly proveBy?: NonNullable<OAuthClientProvider['addClientAuthentication']>
  readonly dpop?: NonNullable<Awaited<ReturnType<NonNullable<OAuthClientProvider['dpop']>>>>
}

type Endpoint = Pick<SignInPlace['metadata'], 'issuer' | 'token_endpoint'> &
  Partial<Pick<SignInPlace['metadata'], 'token_endpoint_auth_methods_supported'>>

/** One request for a token. The SDK chooses how the client is proved and answers a nonce. */
async function tokensFrom(
  at: Endpoint,
  { client, params, proveBy, dpop }: TokenRequest,
  { fetchFn, sdk }: MachineAsk,
  resource?: string,
): Promise<Tokens> {
  const provider = {
    clientMetadata: { redirect_uris: [] },
    clientInformation: () => (client.id === '' ? undefined : { ...informationOf(client), issuer: at.issuer }),
    prepareTokenRequest: () => new URLSearchParams(params),
    ...(proveBy && { addClientAuthentication: proveBy }),
    ...(dpop && { dpop: () => dpop }),
  } as Partial<OAuthClientProvider> as OAuthClientProvider
  const metadata = {
    issuer: at.issuer,
    authorization_endpoint: at.token_endpoint,
    token_endpoint: at.token_endpoint,
    response_types_supported: ['code'],
    ...(at.token_endpoint_auth_methods_supported && {
      token_endpoint_auth_methods_supported: at.token_endpoint_auth_methods_supported,
    }),
  }
  return sdk.fetchToken(provider, at.issuer, { metadata, fetchFn, ...(resource === undefined ? {} : { resource }) })
}

/** `private_key_jwt`: an assertion signed for this request alone. @see RFC 7523, section 2.2 */
function keyProof(
  { clientId, keySecret }: Extract<MachineSignIn, { kind: 'client-key' }>,
  { issuer, metadata }: SignInPlace,
  secret: MachineAsk['secret'],
): NonNullable<TokenRequest['proveBy']> {
  const key = privateKeyIn(secret(keySecret), keySecret)
  const alg = algorithmFor(key, metadata.token_endpoint_auth_signing_alg_values_supported)
  return async (_headers, params) => {
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(key)
    params.set('client_assertion', assertion)
    params.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  }
}

/** @throws OAuthProblem; never Node's own error, which can show of what the text consists */
function privateKeyIn(pem: string, name: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new OAuthProblem(`its secret ${name} is no private key (PEM without a passphrase). Set it again.`, true)
  }
}

const ofCurve: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** @throws OAuthProblem when the service takes no signature such a key makes */
function algorithmFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, taken: readonly string[] | undefined) {
  const possible =
    asymmetricKeyType === 'rsa'
      ? ['RS256', 'PS256']
      : asymmetricKeyType === 'ed25519'
        ? ['EdDSA', 'Ed25519']
        : [ofCurve[asymmetricKeyDetails?.namedCurve ?? '']].filter((name) => name !== undefined)
  const alg = possible.find((name) => taken === undefined || taken.includes(name))
  if (alg === undefined) throw new OAuthProblem('the service takes no signature by a key of this kind.', true)
  return alg
}

const longestToken = 64 * 1024

/** A JWT, as it stands now. Nothing that is none is ever sent, whatever file was named. @throws OAuthProblem */
async function written(token: WrittenToken, { secret, now }: MachineAsk): Promise<string> {
  const where = 'secret' in token ? `its secret ${token.secret}` : 'the file you named'
  const text = ('secret' in token ? secret(token.secret) : await fileText(token.file)).trim()
  if (headerOf(text) === undefined) throw new OAuthProblem(`${where} holds no signed token (JWT).`, true)
  const { exp } = decodeJwt(text)
  if (exp !== undefined && exp * 1000 <= now) throw new OAuthProblem(`the token in ${where} has expired.`, true)
  return text
}

async function fileText(path: string): Promise<string> {
  if (!isAbsolute(path)) throw new OAuthProblem('the file with its token is not named in full.', true)
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(longestToken), 0, longestToken, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new OAuthProblem(`the file with its token could not be read (${code}).`, true)
  }
}

function headerOf(text: string) {
  try {
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined
    decodeJwt(text)
    return decodeProtectedHeader(text)
  } catch {
    return undefined
  }
}
