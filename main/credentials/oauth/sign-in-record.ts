import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { MachineSignIn } from '../../../shared/domain/machine-sign-in.ts'
import type { RemoteOrigin } from '../../../shared/domain/remote.ts'
import type { Credentials } from '../credentials.ts'

export interface RemoteServer {
  readonly name: ServerName
  readonly origin: RemoteOrigin
}

/** How Gatehouse is known to one authorization server. */
const client = z.object({
  id: z.string(),
  secret: z.string().optional(),
  /** How it proves itself at the token endpoint, where the registration says so. */
  method: z.string().optional(),
})
export type OAuthClient = z.output<typeof client>

/** A private key a sign-in's tokens are bound to (RFC 9449), as a JWK. */
const boundKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
})
export type BoundKey = z.output<typeof boundKey>

const grant = z.object({
  /** Of a sign-in without a person: which one it was, as `fingerprintOf` says. */
  machine: z.string().optional(),
  /** Where the tokens are bound to a key: without a proof by it they are worth nothing. */
  key: boundKey.optional(),
  /** The authorization server everything below came from; none of it is ever sent to another. */
  issuer: z.string(),
  /** What the tokens are for (RFC 8707). */
  resource: z.string(),
  tokenEndpoint: z.string(),
  tokenMethods: z.array(z.string()),
  revocationEndpoint: z.string().optional(),
  revocationMethods: z.array(z.string()).optional(),
  client,
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  /** Granted, as far as known. */
  scope: z.string().optional(),
  /** Milliseconds since 1970; it is renewed from `renewAt` on, where it can be. */
  expiresAt: z.number().optional(),
  renewAt: z.number().optional(),
})
export type Grant = z.output<typeof grant>

/** What a company's identity provider said of the person at its page. */
const identity = z.object({
  /** Which sign-in it belongs to, as `fingerprintOf` says. */
  machine: z.string(),
  issuer: z.string(),
  tokenEndpoint: z.string(),
  tokenMethods: z.array(z.string()),
  client,
  idToken: z.string(),
  refreshToken: z.string().optional(),
})
export type Identity = z.output<typeof identity>

const record = z.object({
  /** The server's address; the record counts for no other. */
  url: z.string(),
  /** What the server last said it wants. */
  asked: z.object({ metadataUrl: z.string().optional(), scope: z.string().optional() }).optional(),
  /** Why the person has to sign in, when they have to. */
  needed: z.enum(['sign-in', 'more']).optional(),
  /** A client the person registered themself, and the authorization server it turned out to belong to. */
  own: client.extend({ issuer: z.string() }).optional(),
  grant: grant.optional(),
  identity: identity.optional(),
})
export type SignInRecord = z.output<typeof record>

/** No secret a person names can be called so. */
export const signInSecretName = 'oauth:sign-in'

/** Sign-ins in the keychain: one entry a server, so that tokens and what they belong to change together. */
export class SignInRecords {
  constructor(private readonly credentials: Pick<Credentials, 'kept' | 'set' | 'remove'>) {}

  /** What is known of the server at this address; tokens only of the way it is signed in to now. */
  of({ name, origin: { url, signIn } }: RemoteServer): SignInRecord {
    const found = parsed(this.credentials.kept(name, signInSecretName))
    if (found?.url !== url) return { url }
    const { grant, needed, identity: said, ...rest } = found
    const machine = fingerprintOf(signIn)
    const kept = { ...rest, ...(said !== undefined && said.machine === machine ? { identity: said } : {}) }
    const waits = needed !== undefined && (signIn === undefined || signIn.kind === 'company-page') ? { needed } : {}
    if (grant === undefined) return { ...kept, ...waits }
    return grant.machine === machine ? { ...kept, ...waits, grant } : kept
  }

  /** @throws keys.unavailable; what was kept before stands then */
  async keep(server: ServerName, value: SignInRecord): Promise<void> {
    const text = JSON.stringify(value)
    if (text !== this.credentials.kept(server, signInSecretName))
      await this.credentials.set(server, signInSecretName, text)
  }

  /** @throws keys.unavailable */
  async forget(server: ServerName): Promise<void> {
    await this.credentials.remove(server, signInSecretName)
  }
}

/** Undefined for a person's own. */
export const fingerprintOf = (signIn: MachineSignIn | undefined): string | undefined =>
  signIn &&
  createHash('sha256')
    .update(canonicalJson(signIn as unknown as JsonObject))
    .digest('base64url')

/** The parts of a kept value that are secrets by themselves, for those who redact. */
export function secretsWithin(name: string, value: string): readonly string[] {
  if (name !== signInSecretName) return [value]
  const found = parsed(value)
  const { grant: held, identity: said, own } = found ?? {}
  const ofGrant = [held?.accessToken, held?.refreshToken, held?.client.secret, held?.key?.d]
  return [...ofGrant, said?.idToken, said?.refreshToken, said?.client.secret, own?.secret].filter(
    (text) => text !== undefined,
  )
}

function parsed(text: string | undefined): SignInRecord | undefined {
  if (text === undefined) return undefined
  try {
    return record.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
