import type { MachineSignIn } from './machine-sign-in.ts'

/** How a remote server is spoken to. `detect` tries Streamable HTTP first, then the older HTTP+SSE. */
export const remoteTransports = ['detect', 'http', 'sse', 'websocket'] as const
export type RemoteTransport = (typeof remoteTransports)[number]

/** A header every request carries. Its value is the secret of this name, behind `scheme` where there is one (`Bearer`). */
export interface SecretHeader {
  readonly name: string
  readonly scheme?: string
  readonly secret: string
}

export interface RemoteTls {
  /** PEM of the certificates that may sign the server's, instead of the system's. */
  readonly authorities?: string
  /** SHA-256 of the server's public key (SubjectPublicKeyInfo), base64. */
  readonly pin?: string
  /** The person lets it use TLS 1.2; without this it is 1.3 or nothing. */
  readonly tls12?: boolean
  /** PEM of the certificate shown to the server, and the name of the secret that holds its key. */
  readonly client?: { readonly certificate: string; readonly keySecret: string }
}

export interface RemoteOrigin {
  readonly kind: 'remote'
  /** http, https, ws or wss; without user, password and fragment. */
  readonly url: string
  readonly transport: RemoteTransport
  readonly headers: readonly SecretHeader[]
  /** The person said that this name stands for a computer of a private network. */
  readonly privateNetwork?: boolean
  readonly tls?: RemoteTls
  /** How Gatehouse signs in there by itself; without one, the person does when the server asks. */
  readonly signIn?: MachineSignIn
}

/** What a server said when it refused a request for want of a right. */
export interface Challenge {
  readonly status: 401 | 403
  readonly url: string
  /** The `WWW-Authenticate` header. */
  readonly wwwAuthenticate?: string
  /** What the refused request carried: another request may have led to something newer since. */
  readonly proof?: Readonly<Record<string, string>>
}

/** A request that is about to be sent; a proof may be for it alone. */
export interface Asked {
  readonly method: string
  /** With http or https, also where a WebSocket begins. */
  readonly url: string
  /** The server refused this request a moment ago. */
  readonly challenge?: Challenge
}

export interface Authorize {
  /**
   * Headers that prove a right to one remote server. Asked before every request (then it must be quick), and again when the
   * server refused one. A rejection ends the request; its message is told to the person.
   */
  readonly proof: (asked: Asked) => Promise<Readonly<Record<string, string>>>
  /** A `DPoP-Nonce` that came with any answer, for the next proof. @see RFC 9449, section 8.2 */
  readonly heard: (nonce: string) => void
}
