import type { Duplex } from 'node:stream'
import { type PeerCertificate, TLSSocket } from 'node:tls'
import type { HttpCaller } from './http-sessions.ts'

/** The certificate the program at the other end proved to have the key of. */
export interface ShownCertificate {
  /** Its SHA-256. */
  readonly fingerprint: string
  /** One that is not shows nobody. */
  readonly isInDate: boolean
}

/** Whose certificate this is; undefined for one that is unknown or out of date. @throws client.revoked, client.suspended */
export type AuthenticateCertificate = (certificate: ShownCertificate) => HttpCaller | undefined

/** One that is out of date shows nobody, whoever it is asked of. */
export function callerByCertificate(
  certificate: ShownCertificate | undefined,
  authenticate: AuthenticateCertificate | undefined,
): HttpCaller | undefined {
  const caller = certificate && authenticate?.(certificate)
  return certificate?.isInDate ? caller : undefined
}

const renew = 'gatehouse clients certificate NAME FILE, or show an API key'

/** For the program that showed one and was not let in. */
export function refusalOfCertificate(shown: ShownCertificate | undefined): string | undefined {
  if (shown === undefined) return undefined
  return shown.isInDate
    ? `The certificate shown is unknown or revoked: ${renew}`
    : `The certificate shown is out of date: get a new one, then ${renew}`
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
