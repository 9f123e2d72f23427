import type { ServerName } from '../../../shared/domain/ids.ts'
import type { MachineSignIn } from '../../../shared/domain/machine-sign-in.ts'
import type { Asked, Authorize, Challenge, RemoteOrigin } from '../../../shared/domain/remote.ts'
import { scopeNeeded, serverFailed, signInFailed, signInNeeded } from '../../../shared/errors.ts'
import { discover, type GuardedFetch, isHere } from './discovery.ts'
import { Bindings } from './dpop.ts'
import { PersonNeeded, renewedIdentity } from './identity.ts'
import { grantTypeOf, signInByMachine } from './machine.ts'
import { OAuthProblem, oauthProblem } from './oauth-problem.ts'
import { missingScopes } from './scopes.ts'
import { type OAuthSdk, oauthSdk } from './sdk.ts'
import type { Grant, RemoteServer, SignInRecord, SignInRecords } from './sign-in-record.ts'
import { renew } from './tokens.ts'

export interface AccessParts {
  readonly records: SignInRecords
  /** The value of a server's secret. */
  readonly secretOf: (server: ServerName, name: string) => string | undefined
  readonly fetchFor: (origin: RemoteOrigin) => GuardedFetch
  readonly now: () => number
  /** What is known of this server's sign-in changed. */
  readonly onChange: (server: RemoteServer) => void
  /** The server or its sign-in service took back what it had given. */
  readonly onLost: (server: RemoteServer) => void
  /** Gatehouse signed in without a person. */
  readonly onByItself: (server: RemoteServer, issuer: string) => void
}

const atOnceMs = 60_000

type Headers = Readonly<Record<string, string>>

/**
 * Shows the tokens of a server to that server, renews them in time, and notes when only the person can go on. Where the
 * person configured a sign-in without a person, it gets tokens by that, when the server first asks and before they end.
 */
export class Access {
  readonly #renewing = new Map<ServerName, Promise<Grant>>()
  /** Renewed because the server refused its predecessor, and when: refused again at once, it is not renewed again. */
  readonly #secondTry = new Map<ServerName, { readonly token: string; readonly at: number }>()
  readonly #bindings = new Bindings()

  constructor(private readonly parts: AccessParts) {}

  /** Its `proof` rejects with server.sign-in-needed, server.sign-in-failed, server.scope-needed, server.failed, keys.unavailable */
  authorize = (server: RemoteServer): Authorize => ({
    proof: async (asked) => {
      const grant = await (asked.challenge ? this.#challenged(server, asked.challenge) : this.#current(server))
      return grant === undefined ? {} : this.#shown(server, grant, asked)
    },
    heard: (nonce) => void this.#bindings.heard(server.name, httpUrl(server.origin).href, nonce),
  })

  async #shown({ name }: RemoteServer, grant: Grant, { method: htm, url: htu }: Asked): Promise<Headers> {
    const { accessToken } = grant
    const binding = grant.key && (await this.#bindings.of(name, grant, await oauthSdk()))
    if (binding === undefined) return { authorization: authorizationOf(grant) }
    return { authorization: authorizationOf(grant), dpop: await binding.session.buildProof({ htm, htu, accessToken }) }
  }

  async #current(server: RemoteServer): Promise<Grant | undefined> {
    const { grant } = this.#record(server)
    if (grant === undefined) return undefined
    const renewable = grant.refreshToken !== undefined || server.origin.signIn !== undefined
    const due = renewable && grant.renewAt !== undefined && this.parts.now() >= grant.renewAt
    return due ? this.#renewed(server, grant, 'in time') : grant
  }

  async #challenged(server: RemoteServer, challenge: Challenge): Promise<Grant> {
    const url = httpUrl(server.origin)
    if (url.protocol !== 'https:' && !isHere(url.hostname))
      throw serverFailed(server.name, 'it wants a sign-in, and that is done only over https.')
    const said = wordsOf(challenge, await oauthSdk())
    if (challenge.status === 403 && said.error !== 'insufficient_scope')
      throw serverFailed(server.name, 'it does not allow this (HTTP 403).')
    const record = this.#record(server)
    const { grant } = record
    const used = challenge.proof?.authorization
    if (grant !== undefined && used !== undefined && used !== authorizationOf(grant)) return grant
    if (grant?.key !== undefined && said.error === 'use_dpop_nonce') return grant // it was heard with the refusal
    if (challenge.status === 403) return this.#wantsMore(server, record, said)
    const asked = {
      ...(said.metadataUrl ? { metadataUrl: said.metadataUrl } : {}),
      ...(said.scope ? { scope: said.scope } : {}),
    }
    const { signIn } = server.origin
    if (grant !== undefined && this.#justRenewed(server, grant)) return this.#refusedAgain(server, { ...record, asked })
    if (signIn !== undefined) await this.#keep(server, { ...record, asked })
    if (signIn === undefined && grant?.refreshToken === undefined)
      return this.#refusedAgain(server, { ...record, asked })
    const fresh = await this.#renewed(server, grant, 'refused')
    this.#secondTry.set(server.name, { token: fresh.accessToken, at: this.parts.now() })
    return fresh
  }

  async #refusedAgain(server: RemoteServer, record: SignInRecord): Promise<never> {
    if (server.origin.signIn !== undefined)
      throw serverFailed(server.name, 'it does not accept the tokens its own sign-in service gives.')
    await this.#lost(server, record)
    throw signInNeeded(server.name)
  }

  #justRenewed({ name }: RemoteServer, { accessToken }: Grant): boolean {
    const last = this.#secondTry.get(name)
    return last?.token === accessToken && this.parts.now() - last.at < atOnceMs
  }

  async #wantsMore(server: RemoteServer, record: SignInRecord, said: Said): Promise<never> {
    const missing = missingScopes(said.scope, record.grant?.scope).join(', ')
    if (server.origin.signIn !== undefined)
      throw serverFailed(server.name, `its sign-in lacks rights (${missing}). Add them to the scope you gave it.`)
    const metadataUrl = said.metadataUrl ?? record.asked?.metadataUrl
    const asked = { ...(metadataUrl ? { metadataUrl } : {}), ...(said.scope ? { scope: said.scope } : {}) }
    await this.#keep(server, { ...record, asked, needed: record.grant === undefined ? 'sign-in' : 'more' })
    throw scopeNeeded(server.name, missing)
  }

  /** One renewal at a time; who comes meanwhile gets the same. */
  async #renewed(server: RemoteServer, grant: Grant | undefined, why: 'in time' | 'refused'): Promise<Grant> {
    const underway = this.#renewing.get(server.name) ?? this.#renew(server, grant)
    this.#renewing.set(server.name, underway)
    try {
      return await underway
    } catch (error) {
      if (!(error instanceof OAuthProblem)) throw error
      if (why === 'in time' && !error.final && this.parts.now() < (grant?.expiresAt ?? 0)) return grant as Grant
      if (error instanceof PersonNeeded) return await this.#wantsPerson(server)
      if (server.origin.signIn !== undefined) throw signInFailed(server.name, error.message)
      if (!error.final) throw serverFailed(server.name, `its sign-in could not be renewed: ${error.message}`)
      await this.#lost(server, this.#record(server))
      throw signInNeeded(server.name)
    } finally {
      if (this.#renewing.get(server.name) === underway) this.#renewing.delete(server.name)
    }
  }

  async #wantsPerson(server: RemoteServer): Promise<never> {
    const { identity: _, ...record } = this.#record(server)
    await this.#lost(server, record)
    throw signInNeeded(server.name)
  }

  async #renew(server: RemoteServer, grant: Grant | undefined): Promise<Grant> {
    const { signIn } = server.origin
    const sdk = await oauthSdk()
    if (signIn !== undefined) return this.#signedInByMachine(server, signIn, sdk)
    if (grant === undefined) throw new OAuthProblem('there is nothing to renew.', true)
    const how = { now: this.parts.now(), binding: await this.#bindings.of(server.name, grant, sdk) }
    const fresh = await renew(grant, this.parts.fetchFor(server.origin), sdk, how)
    const record = this.#record(server)
    if (record.grant?.refreshToken !== grant.refreshToken) throw new OAuthProblem('it was ended meanwhile.')
    await this.parts.records.keep(server.name, { ...record, grant: fresh })
    return fresh
  }

  async #signedInByMachine(server: RemoteServer, signIn: MachineSignIn, sdk: OAuthSdk): Promise<Grant> {
    const { name, origin } = server
    const fetchFn = this.parts.fetchFor(origin)
    const { asked, identity: said } = this.#record(server)
    if (signIn.kind === 'company-page' && said === undefined) throw new PersonNeeded()
    const wanted = { issuer: signIn.issuer, grantType: grantTypeOf(signIn) }
    const place = await discover(httpUrl(origin), asked?.metadataUrl, fetchFn, sdk, wanted).catch((error) => {
      throw oauthProblem(error, sdk)
    })
    const secret = (secretName: string) => {
      const value = this.parts.secretOf(name, secretName)?.trim()
      if (value) return value
      throw new OAuthProblem(
        `its secret ${secretName} is not set. Set it with: gatehouse secrets set ${name} ${secretName}`,
        true,
      )
    }
    const now = this.parts.now()
    const identity = async () => {
      const record = this.#record(server)
      const fresh = await renewedIdentity(record.identity, fetchFn, sdk, now)
      if (fresh !== record.identity) await this.parts.records.keep(name, { ...record, identity: fresh })
      return fresh
    }
    const ask = { place, asked: asked?.scope, secret, identity, fetchFn, sdk, now }
    const grant = await signInByMachine(signIn, ask)
    await this.#keep(server, { ...this.#record(server), grant })
    this.parts.onByItself(server, grant.issuer)
    return grant
  }

  async #lost(server: RemoteServer, { grant, ...rest }: SignInRecord): Promise<void> {
    await this.#keep(server, { ...rest, needed: 'sign-in' })
    if (grant !== undefined) this.parts.onLost(server)
  }

  async #keep(server: RemoteServer, record: SignInRecord): Promise<void> {
    await this.parts.records.keep(server.name, record)
    this.parts.onChange(server)
  }

  #record = (server: RemoteServer) => this.parts.records.of(server)
}

/** The address as HTTP, which a WebSocket begins as, too. */
export const httpUrl = ({ url }: RemoteOrigin): URL => new URL(url.replace(/^ws/, 'http'))

const authorizationOf = ({ accessToken, key }: Grant) => `${key === undefined ? 'Bearer' : 'DPoP'} ${accessToken}`

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
