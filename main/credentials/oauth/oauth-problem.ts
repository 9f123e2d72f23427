import type { OAuthSdk } from './sdk.ts'

/**
 * Why a sign-in or a renewal did not work; `message` ends a sentence for the person. It never holds what a server sent but
 * an error code, since an answer can repeat a token or a secret; for the same reason it has no cause.
 */
export class OAuthProblem extends Error {
  constructor(
    message: string,
    /** It will not work later either: the grant is gone. */
    readonly final = false,
  ) {
    super(message)
  }
}

const codes: Readonly<Record<string, string>> = {
  access_denied: 'it was not allowed.',
  invalid_scope: 'the service does not know the rights that were asked for.',
  invalid_client: 'the service does not know Gatehouse as a client. Sign in again.',
  unauthorized_client: 'the service does not let Gatehouse do this.',
  invalid_grant: 'the service no longer accepts what it had given.',
  invalid_target: 'the service does not give tokens for this server.',
  server_error: 'the service had trouble of its own. Try again later.',
  temporarily_unavailable: 'the service is not available now. Try again later.',
}
const passing: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'too_many_requests'])

/** The sentence of an error code, which came from outside. */
export function sentenceOf(code: string): string {
  const plain = /^[a-z0-9_.-]{1,60}$/i.test(code) ? ` (${code})` : ''
  return Object.hasOwn(codes, code) ? (codes[code] as string) : `the service refused${plain}.`
}

/** Any failure of the protocol, as what the person may read of it. */
export function oauthProblem(error: unknown, sdk: OAuthSdk): OAuthProblem {
  if (error instanceof OAuthProblem) return error
  if (error instanceof sdk.OAuthError) return new OAuthProblem(sentenceOf(error.code), !passing.has(error.code))
  if (error instanceof sdk.IssuerMismatchError)
    return new OAuthProblem(
      error.kind === 'metadata'
        ? 'the service says it is another than the one that was asked. Do not go on before you know why.'
        : 'the answer came from another service than the one that was asked. It was not used.',
    )
  if (error instanceof sdk.RegistrationRejectedError)
    return new OAuthProblem(
      'the service does not let Gatehouse register itself. Give a client ID you registered there.',
    )
  if (error instanceof sdk.InsecureTokenEndpointError)
    return new OAuthProblem('the service would send tokens without encryption.')
  return new OAuthProblem('what the service answered does not fit OAuth.')
}
