import { createPublicKey, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** What a verification token says was verified. */
export interface Verified {
  readonly server: string
  readonly manifest: string
  readonly code: string
}

const algorithm = 'EdDSA'
const kind = 'gatehouse-cell+jwt'

/** Makes and checks signed, expiring statements that a cell was verified (JWS, RFC 7515; Ed25519). */
export class CellTokens {
  readonly #public: KeyObject

  constructor(
    private readonly key: KeyObject,
    private readonly lifeMs: number,
    private readonly now: () => number = Date.now,
  ) {
    this.#public = createPublicKey(key)
  }

  sign({ server, manifest, code }: Verified): Promise<string> {
    const seconds = Math.floor(this.now() / 1000)
    return new SignJWT({ manifest, code })
      .setProtectedHeader({ alg: algorithm, typ: kind })
      .setIssuer('gatehouse')
      .setAudience(server)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + Math.ceil(this.lifeMs / 1000))
      .sign(this.key)
  }

  /** Whether it is ours, for this server and this manifest and code, and not expired. */
  async holds(token: string, { server, manifest, code }: Verified): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token, this.#public, {
        algorithms: [algorithm],
        typ: kind,
        issuer: 'gatehouse',
        audience: server,
        currentDate: new Date(this.now()),
      })
      return payload.manifest === manifest && payload.code === code
    } catch {
      return false
    }
  }
}
