import type { DpopSession } from '@modelcontextprotocol/client'
import { calculateJwkThumbprint, exportJWK, importJWK } from 'jose'
import type { SignInPlace } from './discovery.ts'
import type { OAuthSdk } from './sdk.ts'
import type { BoundKey, Grant } from './sign-in-record.ts'

const alg = 'ES256'

/** A key tokens are bound to, and what proves that it is held: with the nonces of the service and the server. */
export interface Binding {
  readonly key: BoundKey
  readonly session: DpopSession
}

/** A new key where the service binds tokens to one; undefined where it does not. @see RFC 9449, section 5.1 */
export async function bindingFor({ metadata }: SignInPlace, sdk: OAuthSdk): Promise<Binding | undefined> {
  if (metadata.dpop_signing_alg_values_supported?.includes(alg) !== true) return undefined
  const keyPair = await sdk.generateDpopKeyPair({ alg, extractable: true })
  const key = (await exportJWK(keyPair.privateKey)) as BoundKey
  return { key, session: await sdk.DpopSession.create({ keyPair }) }
}

/** The keys in use, so that a nonce is not asked for anew with every request. */
export class Bindings {
  readonly #sessions = new Map<string, { readonly x: string; readonly session: Promise<DpopSession> }>()

  /** @param server whose sign-in it is: it has one key at a time */
  async of(server: string, { key }: Pick<Grant, 'key'>, sdk: OAuthSdk): Promise<Binding | undefined> {
    if (key === undefined) return undefined
    const known = this.#sessions.get(server)
    const session = known?.x === key.x ? known.session : sessionOf(key, sdk)
    this.#sessions.set(server, { x: key.x, session })
    return { key, session: await session }
  }

  /** A nonce the server gave along with an answer. One that is none (RFC 9449, section 8.1) is passed over. */
  async heard(server: string, url: string, nonce: string): Promise<void> {
    if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/.test(nonce)) return
    const known = await this.#sessions.get(server)?.session
    known?.rememberNonce(url, nonce)
  }
}

async function sessionOf(key: BoundKey, sdk: OAuthSdk): Promise<DpopSession> {
  const { d: _, ...publicJwk } = key
  return sdk.DpopSession.create({
    keyPair: {
      privateKey: (await importJWK(key, alg)) as CryptoKey,
      publicKey: (await importJWK(publicJwk, alg)) as CryptoKey,
      publicJwk,
      thumbprint: await calculateJwkThumbprint(publicJwk),
      alg,
    },
  })
}
