import type { SignInSummary } from '../../../shared/contract/sign-ins.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { Authorize } from '../../../shared/domain/remote.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Credentials } from '../credentials.ts'
import { Access, type AccessParts } from './access.ts'
import { Attempts, type AttemptsParts, type Begun, type OwnClient } from './attempts.ts'
import { missingScopes, scopeList } from './scopes.ts'
import { oauthSdk } from './sdk.ts'
import { type Grant, type Identity, type RemoteServer, type SignInRecord, SignInRecords } from './sign-in-record.ts'
import { revoke } from './tokens.ts'

export type { GuardedFetch } from './discovery.ts'
export { OAuthProblem } from './oauth-problem.ts'
export type { RemoteServer } from './sign-in-record.ts'

/**
 * The person's sign-ins to remote servers (OAuth 2.1, as MCP profiles it). The page opens in the person's own browser and
 * leads back to a loopback address; tokens lie in the keychain and are shown to the one server they are for.
 *
 * It refuses to begin a sign-in by itself (only the person does, unless they configured one without a person), to send a token, code or client secret anywhere but to
 * the service it came from, and to sign in where PKCE, the issuer or the resource does not fit.
 */
export interface SignInsParts
  extends Pick<AccessParts, 'fetchFor' | 'onLost' | 'onByItself'>,
    Pick<AttemptsParts, 'documentUrl'> {
  readonly credentials: Pick<Credentials, 'kept' | 'set' | 'remove'>
  readonly onChange: (summary: SignInSummary) => void
  /** The person is signed in; what follows belongs to the sign-in, and is waited for. */
  readonly onSignedIn: (server: RemoteServer) => Promise<void>
  readonly now?: () => number
  /** How long a sign-in may take the person. */
  readonly lifeMs?: number
}

const lifeMs = 5 * 60_000

export class SignIns {
  readonly #records: SignInRecords
  readonly #access: Access
  readonly #attempts: Attempts

  constructor(private readonly parts: SignInsParts) {
    const { fetchFor, documentUrl, now = Date.now } = parts
    const onChange = (server: RemoteServer) => parts.onChange(this.summary(server))
    this.#records = new SignInRecords(parts.credentials)
    const secretOf = parts.credentials.kept
    const { onLost, onByItself } = parts
    this.#access = new Access({ records: this.#records, secretOf, fetchFor, now, onChange, onLost, onByItself })
    this.#attempts = new Attempts({ fetchFor, documentUrl, now, lifeMs: parts.lifeMs ?? lifeMs, onEnd: onChange })
  }

  /** Undefined for a server that is none of a sign-in's: it runs here, or the person gave its Authorization header. */
  authorizeFor(config: ServerConfig): Authorize | undefined {
    const server = signable(config)
    return server && this.#access.authorize(server)
  }

  /** Undefined where there never was one. */
  stateOf(config: ServerConfig): Exclude<SignInSummary['state'], 'none'> | undefined {
    const server = signable(config)
    const state = server && this.summary(server).state
    return state === 'none' ? undefined : state
  }

  list = (configs: readonly ServerConfig[]): SignInSummary[] =>
    configs.flatMap((config) => {
      const server = signable(config)
      return server ? [this.summary(server)] : []
    })

  summary(server: RemoteServer): SignInSummary {
    const { grant, needed, asked, identity } = this.#record(server)
    return {
      server: server.name,
      by: server.origin.signIn?.kind ?? 'person',
      state: needed ?? (grant === undefined && identity === undefined ? 'none' : 'signed-in'),
      scopes: scopeList(grant?.scope),
      missing: needed === 'more' ? missingScopes(asked?.scope, grant?.scope) : [],
      ...(grant === undefined ? {} : { issuer: grant.issuer }),
      ...(grant?.expiresAt === undefined ? {} : { expiresAt: grant.expiresAt as EpochMs }),
      renews: grant?.refreshToken !== undefined || server.origin.signIn !== undefined,
    }
  }

  /** @throws server.sign-in-failed, input.invalid */
  async begin(config: ServerConfig, own: OwnClient): Promise<Begun> {
    const server = this.#need(config)
    const record = this.#record(server)
    const { signIn } = server.origin
    if (signIn?.kind === 'company-page') {
      const { clientId: id, secret: named } = signIn.provider
      const secret = named === undefined ? undefined : this.parts.credentials.kept(server.name, named)
      const client = { id, ...(secret === undefined ? {} : { secret }) }
      return this.#attempts.beginAtCompany(server, signIn, client, own.port, (said) => this.#keepIdentity(server, said))
    }
    return this.#attempts.begin(server, record, own, (grant, ownClient) => this.#keep(server, grant, ownClient))
  }

  /** The page of a sign-in under way. @throws input.invalid */
  pageOf = (id: string): string => this.#attempts.urlOf(id)

  /** @throws server.sign-in-failed, input.invalid */
  async wait(id: string): Promise<SignInSummary> {
    return this.summary(await this.#attempts.wait(id))
  }

  cancel = (id: string): void => this.#attempts.cancel(id)

  /**
   * Forgets everything of a server's sign-in, after telling its service to.
   * @returns whether there was one, and whether the service confirmed. @throws keys.unavailable
   */
  async end(config: ServerConfig): Promise<{ readonly ended: boolean; readonly revoked: boolean }> {
    const server = signable(config)
    if (server === undefined) return { ended: false, revoked: false }
    this.#attempts.cancelOf(server)
    const { grant } = this.#record(server)
    await this.#records.forget(server.name)
    const revoked = grant !== undefined && (await revoke(grant, this.parts.fetchFor(server.origin), await oauthSdk()))
    this.parts.onChange(this.summary(server))
    return { ended: grant !== undefined, revoked }
  }

  stop = (): void => this.#attempts.stop()

  async #keep(server: RemoteServer, grant: Grant, own: SignInRecord['own']): Promise<void> {
    const { needed: _, own: __, ...rest } = this.#record(server)
    await this.#records.keep(server.name, { ...rest, grant, ...(own === undefined ? {} : { own }) })
    await this.parts.onSignedIn(server)
  }

  async #keepIdentity(server: RemoteServer, identity: Identity): Promise<void> {
    const { needed: _, ...rest } = this.#record(server)
    await this.#records.keep(server.name, { ...rest, identity })
    await this.parts.onSignedIn(server)
  }

  #record = (server: RemoteServer): SignInRecord => this.#records.of(server)

  /** @throws input.invalid */
  #need(config: ServerConfig): RemoteServer {
    const server = signable(config)
    if (server === undefined)
      throw inputInvalid('There is nothing to sign in to: it runs here, or has an Authorization header of your own.')
    const { signIn } = server.origin
    if (signIn !== undefined && signIn.kind !== 'company-page')
      throw inputInvalid('Gatehouse signs in there by itself, when it is asked to.')
    return server
  }
}

function signable({ name, origin }: ServerConfig): RemoteServer | undefined {
  if (origin.kind !== 'remote') return undefined
  const given = origin.headers.some((header) => header.name.toLowerCase() === 'authorization')
  return given ? undefined : { name, origin }
}
