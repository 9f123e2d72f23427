import { z } from 'zod'

/** How a sign-in is proved when no person is there to do it; `company-page`: at most once, for all that follows. */
export const machineSignInKinds = ['client-secret', 'client-key', 'workload', 'company', 'company-page'] as const

const https = z.string().min(1).max(2_000)
const clientId = z.string().min(1).max(2_048)
/** Name of a secret of the server; never a value. */
const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
/** A JWT somebody else wrote about who this is: a secret, or a file that is read anew for every sign-in. */
const writtenToken = z.union([
  z.object({ secret: secretName }),
  z.object({ file: z.string().min(1).max(4_096).meta({ description: 'absolute path' }) }),
])
export type WrittenToken = z.output<typeof writtenToken>

const common = {
  /** The authorization server (its issuer): nothing is sent to any other, whatever the MCP server says. */
  issuer: https,
  /** Separated by spaces; what the server asks for when left out. */
  scope: z.string().max(2_000).optional(),
}

/**
 * A sign-in to a remote server that needs no person.
 *
 * @see MCP extensions `oauth-client-credentials` (SEP-1046), `enterprise-managed-authorization` (SEP-990), `auth/wif` (SEP-1933)
 */
export const machineSignIn = z.discriminatedUnion('kind', [
  /** Client credentials with a secret. */
  z.object({ kind: z.literal('client-secret'), ...common, clientId, secret: secretName }),
  /** Client credentials with a private key (`private_key_jwt`), a PEM: EC, RSA or Ed25519. */
  z.object({ kind: z.literal('client-key'), ...common, clientId, keySecret: secretName }),
  /** What the place says it runs in (a cloud, a cluster) vouches for it: RFC 7523. */
  z.object({ kind: z.literal('workload'), ...common, clientId: clientId.optional(), token: writtenToken }),
  /** The company's identity provider turns the person's ID token into a grant for this server (ID-JAG). */
  z.object({
    kind: z.literal('company'),
    ...common,
    clientId,
    secret: secretName.optional(),
    token: writtenToken,
    provider: z.object({ tokenUrl: https, clientId, secret: secretName.optional() }),
  }),
  /** The same, with the ID token from the provider's own page (OpenID Connect), where the person signs in. */
  z.object({
    kind: z.literal('company-page'),
    ...common,
    clientId,
    secret: secretName.optional(),
    provider: z.object({ issuer: https, clientId, secret: secretName.optional() }),
  }),
])
export type MachineSignIn = z.output<typeof machineSignIn>

/** The secrets it names. */
export function secretsOfSignIn(signIn: MachineSignIn | undefined): string[] {
  if (signIn === undefined) return []
  const named = [
    'secret' in signIn ? signIn.secret : undefined,
    'keySecret' in signIn ? signIn.keySecret : undefined,
    'token' in signIn && 'secret' in signIn.token ? signIn.token.secret : undefined,
    'provider' in signIn ? signIn.provider.secret : undefined,
  ]
  return named.filter((name) => name !== undefined)
}
