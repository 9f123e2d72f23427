import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Who makes a proof: a proof of one side is never a proof of the other, so none can be reflected. */
export type ProofRole = 'app' | 'bridge'

/** Everything both sides have to agree on. The client's secret is the key and never travels. */
export interface ProofFacts {
  readonly clientId: string
  readonly bridgeNonce: string
  readonly appNonce: string
  readonly workspace?: string
  readonly server?: string
  readonly resume?: string
}

const purpose = 'gatehouse wire 1'
const noncePattern = /^[A-Za-z0-9_-]{43}$/

/** 32 random bytes, base64url: fresh for every handshake, so that no proof can be replayed. */
export const newNonce = (): string => randomBytes(32).toString('base64url')

export const isNonce = (value: unknown): value is string => typeof value === 'string' && noncePattern.test(value)

/** HMAC-SHA-256 over role, both nonces, client id and what was asked for; base64url. */
export function prove(secret: Uint8Array, role: ProofRole, facts: ProofFacts): string {
  return mac(secret, role, facts).toString('base64url')
}

/** Constant time. */
export function proves(secret: Uint8Array, role: ProofRole, facts: ProofFacts, proof: unknown): boolean {
  if (typeof proof !== 'string') return false
  const given = Buffer.from(proof, 'base64url')
  const right = mac(secret, role, facts)
  return given.length === right.length && timingSafeEqual(given, right)
}

/** A JSON array, so that no two different sets of facts have the same text. */
function mac(secret: Uint8Array, role: ProofRole, facts: ProofFacts): Buffer {
  const { clientId, bridgeNonce, appNonce, workspace = null, server = null, resume = null } = facts
  const text = JSON.stringify([purpose, role, clientId, bridgeNonce, appNonce, workspace, server, resume])
  return createHmac('sha256', secret).update(text).digest()
}
