import { z } from 'zod'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { Credentials } from '../credentials.ts'

/** How Gatehouse is known to one authorization server. */
const client = z.object({
  id: z.string(),
  secret: z.string().optional(),
  /** How it proves itself at the token endpoint, where the registration says so. */
  method: z.string().optional(),
})
export type OAuthClient = z.output<typeof client>

const grant = z.object({
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
})
export type SignInRecord = z.output<typeof record>

/** No secret a person names can be called so. */
export const signInSecretName = 'oauth:sign-in'

/** Sign-ins in the keychain: one entry a server, so that tokens and what they belong to change together. */
export class SignInRecords {
  constructor(private readonly credentials: Pick<Credentials, 'kept' | 'set' | 'remove'>) {}

  /** What is known of the server at this address. */
  of(server: ServerName, url: string): SignInRecord {
    const found = parsed(this.credentials.kept(server, signInSecretName))
    return found?.url === url ? found : { url }
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

/** The parts of a kept value that are secrets by themselves, for those who redact. */
export function secretsWithin(name: string, value: string): readonly string[] {
  if (name !== signInSecretName) return [value]
  const found = parsed(value)
  const { grant: held, own } = found ?? {}
  return [held?.accessToken, held?.refreshToken, held?.client.secret, own?.secret].filter((text) => text !== undefined)
}

function parsed(text: string | undefined): SignInRecord | undefined {
  if (text === undefined) return undefined
  try {
    return record.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
