import { randomBytes } from 'node:crypto'
import type { RemoteOrigin } from '../../../shared/domain/remote.ts'
import { inputInvalid, signInFailed } from '../../../shared/errors.ts'
import { httpUrl } from './access.ts'
import { checkEndpoint, discover, type GuardedFetch, type SignInPlace } from './discovery.ts'
import { type CompanyPage, identityIn, identityScope, providerOf } from './identity.ts'
import { type AuthorizationAnswer, LoopbackListener } from './loopback-listener.ts'
import { OAuthProblem, oauthProblem, sentenceOf } from './oauth-problem.ts'
import { introduce } from './registration.ts'
import { scopeList, scopeToAsk } from './scopes.ts'
import { type OAuthSdk, oauthSdk } from './sdk.ts'
import type { Grant, Identity, OAuthClient, RemoteServer, SignInRecord } from './sign-in-record.ts'
import { type Answer, exchange, tokensFor, type Waiting } from './tokens.ts'

/** What the person may bring along: a client they registered at the service themself. */
export interface OwnClient {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** The loopback port that client is registered for. */
  readonly port?: number | undefined
}

/** A sign-in that waits for the person: where they are led, and what they would allow. */
export interface Begun {
  readonly id: string
  readonly url: string
  /** Of the page that opens. */
  readonly host: string
  readonly issuer: string
  readonly scopes: readonly string[]
}

export interface AttemptsParts {
  readonly fetchFor: (origin: RemoteOrigin) => GuardedFetch
  readonly now: () => number
  readonly lifeMs: number
  /** Where Gatehouse's client metadata document is, when it has one. */
  readonly documentUrl: string | undefined
  readonly onEnd: (server: RemoteServer) => void
}

interface Attempt {
  readonly server: RemoteServer
  readonly listener: LoopbackListener
  readonly url: string
  readonly done: Promise<void>
}

/** What one sign-in is for. */
interface Goal {
  readonly place: Pick<SignInPlace, 'issuer' | 'metadata'>
  readonly scope: string | undefined
  /** What tokens are asked for (RFC 8707); undefined where they are not for a server. */
  readonly resource?: string
  readonly client: (redirectUrl: string) => Promise<OAuthClient>
  readonly finish: (answer: Answer, waiting: Waiting) => Promise<void>
}

/** How long the end of an attempt can still be heard. */
const heardForMs = 60_000

/** Sign-ins under way: one a server, one answer each, ended after five minutes. */
export class Attempts {
  readonly #open = new Map<string, Attempt>()

  constructor(private readonly parts: AttemptsParts) {}

  /** @param keep stores what the sign-in gave. @throws server.sign-in-failed, input.invalid */
  begin = (
    server: RemoteServer,
    record: SignInRecord,
    own: OwnClient,
    keep: (grant: Grant, own: SignInRecord['own']) => Promise<void>,
  ): Promise<Begun> =>
    this.#telling(server, async (fetchFn, sdk) => {
      const place = await discover(httpUrl(server.origin), record.asked?.metadataUrl, fetchFn, sdk)
      const scope = scopeToAsk({
        asked: record.asked?.scope,
        granted: record.needed === 'more' ? record.grant?.scope : undefined,
        resourceScopes: place.resourceScopes,
        serverScopes: place.metadata.scopes_supported,
      })
      const client = ownOf(own, record, place.issuer)
      const { documentUrl } = this.parts
      return this.#begin(server, own.port, sdk, {
        place,
        scope,
        resource: place.resource,
        client: (redirectUrl) => introduce({ place, redirectUrl, scope, own: client, documentUrl }, fetchFn, sdk),
        finish: async (answer, waiting) =>
          keep(await exchange(answer, { ...waiting, place }, fetchFn, sdk, this.parts.now()), client),
      })
    })

  /** At the company's identity provider, for a server whose service takes its word. @throws as `begin` */
  beginAtCompany = (
    server: RemoteServer,
    signIn: CompanyPage,
    client: OAuthClient,
    port: number | undefined,
    keep: (identity: Identity) => Promise<void>,
  ): Promise<Begun> =>
    this.#telling(server, async (fetchFn, sdk) => {
      const place = await providerOf(signIn, fetchFn, sdk)
      return this.#begin(server, port, sdk, {
        place,
        scope: identityScope(place.metadata),
        client: async () => client,
        finish: async (answer, waiting) =>
          keep(identityIn(signIn, place, client, await tokensFor(answer, waiting, fetchFn, sdk))),
      })
    })

  async #telling(
    server: RemoteServer,
    begin: (fetchFn: GuardedFetch, sdk: OAuthSdk) => Promise<Begun>,
  ): Promise<Begun> {
    const sdk = await oauthSdk()
    try {
      return await begin(this.parts.fetchFor(server.origin), sdk)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'input.invalid') throw error
      throw signInFailed(server.name, oauthProblem(error, sdk).message)
    }
  }

  urlOf(id: string): string {
    return this.#need(id).url
  }

  isOpen = (server: RemoteServer) => [...this.#open.values()].some((one) => one.server.name === server.name)

  /** Resolves when the person is signed in. @returns where. @throws server.sign-in-failed, input.invalid */
  async wait(id: string): Promise<RemoteServer> {
    const { done, server } = this.#need(id)
    await done
    return server
  }

  /** Nothing comes of it any more. */
  cancel(id: string): void {
    this.#open.get(id)?.listener.close(new OAuthProblem('it was ended.'))
  }

  cancelOf(server: RemoteServer): void {
    for (const [id, attempt] of this.#open) if (attempt.server.name === server.name) this.cancel(id)
  }

  stop(): void {
    for (const id of this.#open.keys()) this.cancel(id)
  }

  async #begin(server: RemoteServer, port = 0, sdk: OAuthSdk, goal: Goal): Promise<Begun> {
    const { place, scope, resource } = goal
    const { issuer, metadata } = place
    const state = randomBytes(32).toString('base64url')
    const listener = await LoopbackListener.open({ state, port, lifeMs: this.parts.lifeMs, title: server.name })
    try {
      const { redirectUrl } = listener
      const client = await goal.client(redirectUrl)
      const started = await sdk.startAuthorization(issuer, {
        metadata,
        clientInformation: { client_id: client.id },
        redirectUrl,
        state,
        ...(resource === undefined ? {} : { resource }),
        ...(scope === undefined ? {} : { scope }),
      })
      const { authorizationUrl, codeVerifier: verifier } = started
      checkEndpoint(authorizationUrl.href)
      const waiting = { place, client, redirectUrl, verifier, scope }
      const finish = (answer: AuthorizationAnswer) => goal.finish(checked(answer, place, sdk), waiting)
      const id = this.#opened(server, listener, authorizationUrl.href, finish, sdk)
      return { id, url: authorizationUrl.href, host: authorizationUrl.host, issuer, scopes: scopeList(scope) }
    } catch (error) {
      listener.close(new OAuthProblem('it could not begin.'))
      throw error
    }
  }

  #opened(
    server: RemoteServer,
    listener: LoopbackListener,
    url: string,
    finish: (answer: AuthorizationAnswer) => Promise<void>,
    sdk: OAuthSdk,
  ): string {
    this.cancelOf(server)
    const id = randomBytes(16).toString('base64url')
    const done = listener.answer.then(finish).catch((error: unknown) => {
      if (error instanceof Error && 'params' in error) throw error
      throw signInFailed(server.name, oauthProblem(error, sdk).message)
    })
    const end = () => {
      setTimeout(() => this.#open.delete(id), heardForMs).unref()
      this.parts.onEnd(server)
    }
    done.then(end, end)
    this.#open.set(id, { server, listener, url, done })
    return id
  }

  #need(id: string): Attempt {
    const attempt = this.#open.get(id)
    if (attempt === undefined) throw inputInvalid('This sign-in is over. Begin it again.')
    return attempt
  }
}

/** @throws OAuthProblem, IssuerMismatchError: an error counts only from the service that was asked (RFC 9207) */
function checked({ code, error, iss }: AuthorizationAnswer, place: Goal['place'], sdk: OAuthSdk): Answer {
  const { issuer: expectedIssuer, authorization_response_iss_parameter_supported: says } = place.metadata
  sdk.validateAuthorizationResponseIssuer({ iss, expectedIssuer, issParameterSupported: says === true })
  if (error !== undefined) throw new OAuthProblem(sentenceOf(error), true)
  if (code === undefined) throw new OAuthProblem('the service answered without a code.')
  return { code, ...(iss === undefined ? {} : { iss }) }
}

function ownOf({ clientId, clientSecret }: OwnClient, record: SignInRecord, issuer: string): SignInRecord['own'] {
  if (clientId === undefined) return record.own
  return { id: clientId, issuer, ...(clientSecret === undefined ? {} : { secret: clientSecret }) }
}
