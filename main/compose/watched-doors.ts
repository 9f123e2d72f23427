import type { ClientId } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { type AppHandshake, HandshakeError } from '../../shared/wire/hello.ts'
import type { Refusals } from '../audit/refusals.ts'
import type { HttpCaller } from '../gateway/http-sessions.ts'
import type { AuthenticateCertificate } from '../gateway/shown-certificate.ts'
import type { VouchForKey } from '../gateway/vouched-connections.ts'

type Authenticate = (bearer: string) => HttpCaller | undefined | Promise<HttpCaller | undefined>

/** Whose API key or access token this is; one that is nobody's is put on record, without it. */
export function watchedKeys(
  authenticate: Authenticate,
  refusals: Pick<Refusals, 'note'>,
  onUnknown: () => void = () => {},
): Authenticate {
  const told = (caller: HttpCaller | undefined) => {
    if (!caller) {
      onUnknown()
      refusals.note({ action: 'key.refused', what: 'used an API key or token that is unknown, revoked or expired' })
    }
    return caller
  }
  const failed = (error: unknown): never => {
    if (error instanceof GatehouseError)
      refusals.note({ action: 'key.refused', what: 'was refused with an API key', ...namedIn(error) })
    throw error
  }
  return (bearer) => {
    try {
      const caller = authenticate(bearer)
      return caller instanceof Promise ? caller.then(told, failed) : told(caller)
    } catch (error) {
      return failed(error)
    }
  }
}

/** Counted apart from certificates that are nobody's. */
const outOfDate = 'certificate.out-of-date'

/** Whose certificate this is; one that is nobody's, or out of date, is put on record. */
export function watchedCertificates(
  authenticate: (fingerprint: string) => HttpCaller | undefined,
  refusals: Pick<Refusals, 'note'>,
): AuthenticateCertificate {
  return ({ fingerprint, isInDate }) => {
    try {
      const caller = authenticate(fingerprint)
      if (!isInDate) {
        const client = caller ? { client: caller.client.name } : {}
        refusals.note({
          action: 'key.refused',
          what: 'showed a certificate that is out of date',
          code: outOfDate,
          ...client,
        })
        return undefined
      }
      if (!caller) refusals.note({ action: 'key.refused', what: 'showed a certificate that is unknown or revoked' })
      return caller
    } catch (error) {
      if (error instanceof GatehouseError)
        refusals.note({ action: 'key.refused', what: 'was refused with a certificate', ...namedIn(error) })
      throw error
    }
  }
}

/** Whether a program may use a key; one that may not is put on record. */
export function watchedPrograms(vouch: VouchForKey, refusals: Pick<Refusals, 'note'>): VouchForKey {
  return async (caller, connection) => {
    try {
      await vouch(caller, connection)
    } catch (error) {
      if (error instanceof GatehouseError)
        refusals.note({
          action: 'key.refused',
          what: `was not let in with an API key${fromElsewhere(error)}`,
          ...namedIn(error),
        })
      throw error
    }
  }
}

const fromElsewhere = ({ code, params }: GatehouseError): string =>
  code === 'client.key-elsewhere' ? ` from another program (${params.program ?? ''})` : ''

/** A bridge's handshake; one that is refused by the person, the rules of pairing or a wrong proof is put on record. */
export function watchedHandshake(
  handshake: AppHandshake,
  nameOf: (id: ClientId) => string,
  refusals: Pick<Refusals, 'note'>,
): AppHandshake {
  let proving: string | undefined
  return {
    ...handshake,
    secretOf: async (id) => {
      const secret = await handshake.secretOf(id)
      proving = nameOf(id as ClientId)
      return secret
    },
    refusal: (error) => {
      const client = proving === undefined ? {} : { client: proving }
      if (error instanceof GatehouseError)
        refusals.note({ action: 'bridge.refused', what: 'was refused', ...client, ...namedIn(error) })
      else if (error instanceof HandshakeError && error.reason === 'bridge-unproven')
        refusals.note({ action: 'bridge.refused', what: 'could not prove who it is', ...client, code: error.reason })
      return handshake.refusal(error)
    },
  }
}

const namedIn = ({ code, params }: GatehouseError) => ({ code, ...(params.client ? { client: params.client } : {}) })
