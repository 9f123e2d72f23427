import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'

/** Checks DPoP proofs as a service does (RFC 9449, section 4.3): each for its request, its token and its nonce, used once. */
export class ProofOfPossession {
  /** What proofs must hold by now; any or none when undefined. */
  nonce: string | undefined
  readonly #used = new Set<unknown>()

  /** @returns the thumbprint of the key, or why the proof does not hold */
  async thumbprint(
    { headers, method }: IncomingMessage,
    url: string,
    token?: string,
  ): Promise<{ readonly jkt: string } | { readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce' }> {
    try {
      const { payload, protectedHeader } = await jwtVerify(String(headers.dpop), EmbeddedJWK, { typ: 'dpop+jwt' })
      const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url')
      const fits = payload.htm === method && payload.htu === url && payload.ath === ath && !this.#used.has(payload.jti)
      if (!fits || protectedHeader.jwk === undefined || 'd' in protectedHeader.jwk)
        return { error: 'invalid_dpop_proof' }
      this.#used.add(payload.jti)
      if (this.nonce !== undefined && payload.nonce !== this.nonce) return { error: 'use_dpop_nonce' }
      return { jkt: await calculateJwkThumbprint(protectedHeader.jwk) }
    } catch {
      return { error: 'invalid_dpop_proof' }
    }
  }
}
