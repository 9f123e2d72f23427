import type { ServerName } from '../../../shared/domain/ids.ts'
import type { Authorize, Challenge, RemoteOrigin } from '../../../shared/domain/remote.ts'
import { scopeNeeded, serverFailed, signInNeeded } from '../../../shared/errors.ts'
import { type GuardedFetch, isHere } from './discovery.ts'
import { OAuthProblem } from './oauth-problem.ts'
import { missingScopes } from './scopes.ts'
import { type OAuthSdk, oauthSdk } from './sdk.ts'
import type { Grant, SignInRecord, SignInRecords } from './sign-in-record.ts'
import { renew } from './tokens.ts'

export interface RemoteServer {
  readonly name: ServerName
  readonly origin: RemoteOrigin
}

export interface AccessParts {
  readonly records: SignInRecords
  readonly fetchFor: (origin: RemoteOrigin) => GuardedFetch
  readonly now: () => number
  /** What is known of this server's sign-in changed. */
  readonly onChange: (server: RemoteServer) => void
  /** The server or its sign-in service took back what it had given. */
  readonly onLost: (server: RemoteServer) => void
}

const atOnceMs = 60_000

type Headers = Readonly<Record<string, string>>

/** Shows the tokens of a server to that server, renews them in time, and notes when only the person can go on. */
export class Access {
  readonly #renewing = new Map<ServerName, Promise<Grant>>()
  /** Renewed because the server refused its predecessor, and when: refused again at once, it is not renewed again. */
  readonly #secondTry = new Map<ServerName, { readonly token: string; readonly at: number }>()

  constructor(private readonly parts: AccessParts) {}

  /** @returns headers; rejects with server.sign-in-needed, server.scope-needed, server.failed, keys.unavailable */
  authorize =
    (server: RemoteServer): Authorize =>
    (challenge) =>
      challenge === undefined ? this.#proof(server) : this.#challenged(server, challenge)

  async #proof(server: RemoteServer): Promise<Headers> {
    const { grant } = this.#record(server)
    if (grant === undefined) return {}
    const due = grant.refreshToken !== undefined && grant.renewAt !== undefined && this.parts.now() >= grant.renewAt
    return shown(due ? await this.#renewed(server, grant, 'in time') : grant)
  }

  async #challenged(server: RemoteServer, challenge: Challenge): Promise<Headers> {
    const url = httpUrl(server.origin)
    if (url.protocol !== 'https:' && !isHere(url.hostname))
      throw serverFailed(server.name, 'it wants a sign-in, and that is done only over https.')
    const said = wordsOf(challenge, await oauthSdk())
    if (challenge.status === 403 && said.error !== 'insufficient_scope')
      throw serverFailed(server.name, 'it does not allow this (HTTP 403).')
    const record = this.#record(server)
    const { grant } = record
    const used = challenge.proof?.authorization
    if (grant !== undefined && used !== undefined && used !== shown(grant).authorization) return shown(grant)
    if (challenge.status === 403) return this.#wantsMore(server, record, said)
    const asked = {
      ...(said.metadataUrl ? { metadataUrl: said.metadataUrl } : {}),
      ...(said.scope ? { scope: said.scope } : {}),
    }
    if (grant?.refreshToken !== undefined && !this.#justRenewed(server, grant)) {
      const fresh = await this.#renewed(server, grant, 'refused')
      this.#secondTry.set(server.name, { token: fresh.accessToken, at: this.parts.now() })
      return shown(fresh)
    }
    await this.#lost(server, { ...record, asked })
    throw signInNeeded(server.name)
  }

  #justRenewed({ name }: RemoteServer, { accessToken }: Grant): boolean {
    const last = this.#secondTry.get(name)
    return last?.token === accessToken && this.parts.now() - last.at < atOnceMs
  }

  async #wantsMore(server: RemoteServer, record: SignInRecord, said: Said): Promise<never> {
    const metadataUrl = said.metadataUrl ?? record.asked?.metadataUrl
    const asked = { ...(metadataUrl ? { metadataUrl } : {}), ...(said.scope ? { scope: said.scope } : {}) }
    await this.#keep(server, { ...record, asked, needed: record.grant === undefined ? 'sign-in' : 'more' })
    throw scopeNeeded(server.name, missingScopes(said.scope, record.grant?.scope).join(', '))
  }

  /** One renewal at a time; who comes meanwhile gets the same. */
  async #renewed(server: RemoteServer, grant: Grant, why: 'in time' | 'refused'): Promise<Grant> {
    const underway = this.#renewing.get(server.name) ?? this.#renew(server, grant)
    this.#renewing.set(server.name, underway)
    try {
      return await underway
    } catch (error) {
      if (!(error instanceof OAuthProblem)) throw error
      if (error.final) {
        await this.#lost(server, this.#record(server))
        throw signInNeeded(server.name)
      }
      if (why === 'in time' && this.parts.now() < (grant.expiresAt ?? 0)) return grant
      throw serverFailed(server.name, `its sign-in could not be renewed: ${error.message}`)
    } finally {
      if (this.#renewing.get(server.name) === underway) this.#renewing.delete(server.name)
    }
  }

  async #renew(server: RemoteServer, grant: Grant): Promise<Grant> {
    const fresh = await renew(grant, this.parts.fetchFor(server.origin), await oauthSdk(), this.parts.now())
    const record = this.#record(server)
    if (record.grant?.refreshToken !== grant.refreshToken) throw new OAuthProblem('it was ended meanwhile.')
    await this.parts.records.keep(server.name, { ...record, grant: fresh })
    return fresh
  }

  async #lost(server: RemoteServer, { grant, ...rest }: SignInRecord): Promise<void> {
    await this.#keep(server, { ...rest, needed: 'sign-in' })
    if (grant !== undefined) this.parts.onLost(server)
  }

  async #keep(server: RemoteServer, record: SignInRecord): Promise<void> {
    await this.parts.records.keep(server.name, record)
    this.parts.onChange(server)
  }

  #record = ({ name, origin }: RemoteServer) => this.parts.records.of(name, origin.url)
}

/** The address as HTTP, which a WebSocket begins as, too. */
export const httpUrl = ({ url }: RemoteOrigin): URL => new URL(url.replace(/^ws/, 'http'))

const shown = ({ accessToken }: Grant) => ({ authorization: `Bearer ${accessToken}` })

interface Said {
  readonly metadataUrl?: string
  readonly scope?: string
  readonly error?: string
}

function wordsOf({ status, wwwAuthenticate }: Challenge, sdk: OAuthSdk): Said {
  if (wwwAuthenticate === undefined || !/^[\x20-\x7e\t]{1,8192}$/.test(wwwAuthenticate)) return {}
  const answer = new Response(null, { status, headers: { 'www-authenticate': wwwAuthenticate } })
  const { resourceMetadataUrl, scope, error } = sdk.extractWWWAuthenticateParams(answer)
  return {
    ...(resourceMetadataUrl ? { metadataUrl: resourceMetadataUrl.href } : {}),
    ...(scope ? { scope: scope.slice(0, 2000) } : {}),
    ...(error ? { error } : {}),
  }
}
