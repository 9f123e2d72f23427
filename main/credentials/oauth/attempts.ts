import { randomBytes } from 'node:crypto'
import type { RemoteOrigin } from '../../../shared/domain/remote.ts'
import { inputInvalid, signInFailed } from '../../../shared/errors.ts'
import { httpUrl } from './access.ts'
import { checkEndpoint, discover, type GuardedFetch } from './discovery.ts'
import { type AuthorizationAnswer, LoopbackListener } from './loopback-listener.ts'
import { OAuthProblem, oauthProblem, sentenceOf } from './oauth-problem.ts'
import { introduce } from './registration.ts'
import { scopeList, scopeToAsk } from './scopes.ts'
import { type OAuthSdk, oauthSdk } from './sdk.ts'
import type { Grant, RemoteServer, SignInRecord } from './sign-in-record.ts'
import { exchange, type Waiting } from './tokens.ts'

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

/** How long the end of an attempt can still be heard. */
const heardForMs = 60_000

/** Sign-ins under way: one a server, one answer each, ended after five minutes. */
export class Attempts {
  readonly #open = new Map<string, Attempt>()

  constructor(private readonly parts: AttemptsParts) {}

  /** @param keep stores what the sign-in gave. @throws server.sign-in-failed, input.invalid */
  async begin(
    server: RemoteServer,
    record: SignInRecord,
    own: OwnClient,
    keep: (grant: Grant, own: SignInRecord['own']) => Promise<void>,
  ): Promise<Begun> {
    const sdk = await oauthSdk()
    const fetchFn = this.parts.fetchFor(server.origin)
    try {
      return await this.#begin(server, record, own, keep, fetchFn, sdk)
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

  async #begin(
    server: RemoteServer,
    record: SignInRecord,
    wish: OwnClient,
    keep: (grant: Grant, own: SignInRecord['own']) => Promise<void>,
    fetchFn: GuardedFetch,
    sdk: OAuthSdk,
  ): Promise<Begun> {
    const place = await discover(httpUrl(server.origin), record.asked?.metadataUrl, fetchFn, sdk)
    const { metadata, issuer } = place
    const scope = scopeToAsk({
      asked: record.asked?.scope,
      granted: record.needed === 'more' ? record.grant?.scope : undefined,
      resourceScopes: place.resourceScopes,
      serverScopes: metadata.scopes_supported,
    })
    const own = ownOf(wish, record, issuer)
    const state = randomBytes(32).toString('base64url')
    const { port = 0 } = wish
    const listener = await LoopbackListener.open({ state, port, lifeMs: this.parts.lifeMs, title: server.name })
    try {
      const { redirectUrl } = listener
      const documentUrl = this.parts.documentUrl
      const client = await introduce({ place, redirectUrl, scope, own, documentUrl }, fetchFn, sdk)
      const started = await sdk.startAuthorization(issuer, {
        metadata,
        clientInformation: { client_id: client.id },
        redirectUrl,
        state,
        resource: place.resource,
        ...(scope === undefined ? {} : { scope }),
      })
      const { authorizationUrl, codeVerifier: verifier } = started
      checkEndpoint(authorizationUrl.href)
      const waiting = { place, client, redirectUrl, verifier, scope }
      const finish = async (answer: AuthorizationAnswer) =>
        keep(await exchange(checked(answer, waiting, sdk), waiting, fetchFn, sdk, this.parts.now()), own)
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
function checked({ code, error, iss }: AuthorizationAnswer, { place }: Waiting, sdk: OAuthSdk) {
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
