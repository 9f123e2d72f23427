import { createHash, createHmac, timingSafeEqual, X509Certificate } from 'node:crypto'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { inputInvalid } from '../../shared/errors.ts'

/** A certificate by which a program shows who it is: who made it does not matter, only that it is exactly this one. */
export interface ClientCertificate {
  /** SHA-256, hex with colons, as TLS tells it. */
  readonly fingerprint: string
  readonly validUntil: EpochMs
}

const longestPem = 64 * 1024
const mark = 'x509$'

/** @throws input.invalid for what is no certificate, holds more than one or a private key, or is out of date */
export function readCertificate(pem: string, now: EpochMs): ClientCertificate {
  if (pem.length > longestPem) throw inputInvalid('A certificate is smaller than 64 KB.')
  if (/PRIVATE KEY/.test(pem)) throw inputInvalid('Give the certificate alone: its private key stays with the program.')
  if (pem.split('-----BEGIN CERTIFICATE-----').length !== 2)
    throw inputInvalid('Give one certificate as PEM: -----BEGIN CERTIFICATE----- …')
  const { fingerprint256, validToDate } = parsed(pem)
  const validUntil = validToDate.getTime() as EpochMs
  if (!(validUntil > now)) throw inputInvalid('This certificate is out of date.')
  return { fingerprint: fingerprint256, validUntil }
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw inputInvalid('This is no X.509 certificate.')
  }
}

/** What it is listed and revoked by, among the API keys. */
export const certificateKeyId = (fingerprint: string): string =>
  createHash('sha256').update(`gatehouse client certificate\n${fingerprint}`).digest('hex').slice(0, 16)

/** What is kept of it, as of an API key: once the client's secret is deleted, the row opens nothing. */
export const certificateHash = (clientSecret: Uint8Array, fingerprint: string): string =>
  mark + createHmac('sha256', clientSecret).update('gatehouse client certificate\n').update(fingerprint).digest('hex')

export const isCertificateHash = (kept: string): boolean => kept.startsWith(mark)

export function isCertificateOf(kept: string, clientSecret: Uint8Array, fingerprint: string): boolean {
  const [right, given] = [kept, certificateHash(clientSecret, fingerprint)].map((text) => Buffer.from(text))
  return right !== undefined && given !== undefined && right.length === given.length && timingSafeEqual(right, given)
}
