import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/**
 * The certificate the program at the other end proved to have the key of, by its SHA-256.
 * @returns undefined without TLS, without a certificate, and for one that is out of date
 */
export function shownCertificate(socket: Duplex): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const { fingerprint256, valid_from: from, valid_to: to } = socket.getPeerCertificate()
  const now = Date.now()
  return fingerprint256 && Date.parse(from) <= now && now < Date.parse(to) ? fingerprint256 : undefined
}
