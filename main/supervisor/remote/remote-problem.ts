import { GatehouseError } from '../../../shared/errors.ts'
import { sentence } from '../../../shared/messages/messages.ts'

/** Why a remote server could not be used. `message` ends a sentence for the person; it holds no header and no body. */
export class RemoteProblem extends Error {
  constructor(
    message: string,
    /** HTTP status, where the server answered with one. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The server no longer knows the session this request belonged to, and so did not do it: it may be sent once more. */
export class SessionForgotten extends RemoteProblem {}

const noTls13 =
  'it does not speak TLS 1.3. Where you accept TLS 1.2, allow it for this server in its settings, or with: gatehouse servers set NAME --tls12'

const sentences: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known to DNS. Are you online?',
  EAI_AGAIN: 'its name could not be looked up. Are you online?',
  ECONNREFUSED: 'nothing answers at its address.',
  EHOSTUNREACH: 'its computer cannot be reached.',
  ENETUNREACH: 'its network cannot be reached. Are you online?',
  ETIMEDOUT: 'its computer stopped answering.',
  ECONNRESET: 'the connection broke off.',
  ECONNABORTED: 'the connection broke off.',
  EPIPE: 'the connection broke off.',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke off.',
  CERT_HAS_EXPIRED: 'its TLS certificate has expired.',
  CERT_NOT_YET_VALID: 'its TLS certificate is not valid yet. Is your clock right?',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is signed by nobody you trust.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is signed by nobody you trust.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate is signed by nobody you trust.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its TLS certificate is signed by nobody you trust.',
  CERT_REVOKED: 'its TLS certificate was revoked.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another name.',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a client certificate.',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'it does not know the name it was asked for (TLS).',
}

/** What Gatehouse itself refused on the way: the person has to do something before the server can be used. */
export function refusalIn(error: unknown): GatehouseError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof GatehouseError) return at
  return undefined
}

/** Any failure of a connection as a sentence's end. What is not known is named by its code only. */
export function problemOf(error: unknown): RemoteProblem {
  if (error instanceof RemoteProblem) return error
  if (error instanceof GatehouseError)
    return new RemoteProblem(error.params.problem ?? sentence(error, 'person'), undefined, { cause: error })
  if (isOfOlderTls(error)) return new RemoteProblem(noTls13, undefined, { cause: error })
  const code = codeOf(error)
  return new RemoteProblem(sentences[code] ?? groupSentence(code), undefined, { cause: error })
}

function groupSentence(code: string): string {
  if (code.startsWith('HPE_')) return 'what answers at its address does not speak HTTP.'
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return `an encrypted connection could not be made (${code}).`
  return `the connection failed (${code || 'unknown reason'}).`
}

/** Of the error, of the one that caused it, or of the first of several tries. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined ? '' : codeOf(cause)
}

/** Of a failed handshake Node gives OpenSSL's words, and mostly no code of its own. */
function isOfOlderTls(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return isOfOlderTls(error.errors[0])
  if (!(error instanceof Error)) return false
  return (
    /SSL routines:.*:(tlsv1 alert protocol version|unsupported protocol):/.test(error.message) ||
    isOfOlderTls(error.cause)
  )
}
