import type { Duplex } from 'node:stream'
import { type PeerCertificate, TLSSocket } from 'node:tls'

/** The certificate the program at the other end proved to have the key of. */
export interface ShownCertificate {
  /** Its SHA-256. */
  readonly fingerprint: string
  /** One that is not shows nobody. */
  readonly isInDate: boolean
}

/** @returns undefined without TLS, without a certificate, and when the connection is gone */
export function shownCertificate(socket: Duplex): ShownCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const shown: Partial<PeerCertificate> | null = socket.getPeerCertificate() // null once it is destroyed
  if (!shown?.fingerprint256) return undefined
  const { fingerprint256: fingerprint, valid_from: from = '', valid_to: to = '' } = shown
  const now = Date.now()
  return { fingerprint, isInDate: Date.parse(from) <= now && now < Date.parse(to) }
}
