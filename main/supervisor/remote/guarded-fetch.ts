import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { RemoteOrigin } from '../../../shared/domain/remote.ts'
import { OAuthProblem } from '../../credentials/oauth/oauth.ts'
import { checkedLookup, checkLiteral, type RemoteAddress, remoteAddress } from './address.ts'
import { tlsOptions } from './remote-http.ts'
import { problemOf, RemoteProblem } from './remote-problem.ts'

export interface FetchLimits {
  /** For one document, from the first byte sent to the last received. */
  readonly patienceMs: number
  readonly longestBytes: number
}
const defaults: FetchLimits = { patienceMs: 15_000, longestBytes: 512 * 1024 }

/**
 * Fetch for what belongs to a remote server's sign-in: small documents, from addresses no worse than the server's own.
 * From a server on the internet nothing leads into this computer or its network; nothing goes out without encryption but
 * to this computer. No redirect is followed, no cookie kept, no proxy used.
 *
 * @returns a function that rejects with OAuthProblem
 */
export function guardedFetch(origin: RemoteOrigin, limits: FetchLimits = defaults) {
  const home = remoteAddress(origin.url, origin.privateNetwork)
  return async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    try {
      const address = addressFor(url, home, origin.privateNetwork === true)
      return await answered(address, init, tlsFor(address, home, origin), limits)
    } catch (error) {
      if (error instanceof OAuthProblem) throw error
      throw new OAuthProblem(`its sign-in service could not be reached: ${problemOf(error).message}`)
    }
  }
}

/** @throws OAuthProblem */
function addressFor(url: string | URL, home: RemoteAddress, privateNetwork: boolean): RemoteAddress {
  const address = parsed(url, privateNetwork)
  const deeper = { internet: 0, nearby: 1, here: 2 }
  const protectedWay =
    address.url.protocol === 'https:' || (address.url.protocol === 'http:' && address.place === 'here')
  if (deeper[address.place] > deeper[home.place] || !protectedWay)
    throw new OAuthProblem('its sign-in leads to an address Gatehouse does not go to. Nothing was sent there.')
  return address
}

function parsed(url: string | URL, privateNetwork: boolean): RemoteAddress {
  try {
    return remoteAddress(new URL(url).href, privateNetwork)
  } catch {
    throw new OAuthProblem('its sign-in leads to an address that is none, or not encrypted. Nothing was sent there.')
  }
}

/** The pin is of the server's own key; authorities and the version of TLS the person gave hold for its sign-in service, too. */
function tlsFor(address: RemoteAddress, home: RemoteAddress, { tls = {} }: RemoteOrigin) {
  const { authorities, pin, tls12 = false } = tls
  if (address.url.host === home.url.host)
    return tlsOptions({
      tls12,
      ...(authorities === undefined ? {} : { authorities }),
      ...(pin === undefined ? {} : { pin }),
    })
  const ca = authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }
  return { ...tlsOptions({ tls12 }), ...ca }
}

function answered(
  address: RemoteAddress,
  init: RequestInit,
  tls: ReturnType<typeof tlsOptions>,
  limits: FetchLimits,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  checkLiteral(address)
  const body = init.body === undefined || init.body === null ? undefined : String(init.body)
  const headers = new Headers(init.headers)
  headers.set('accept-encoding', 'identity')
  if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
  const sending = (address.encrypted ? tlsRequest : plainRequest)(address.url, {
    method: init.method ?? 'GET',
    agent: false,
    lookup: checkedLookup(address),
    headers: Object.fromEntries(headers),
    ...(address.encrypted ? tls : {}),
  })
  const late = setTimeout(() => sending.destroy(new RemoteProblem('it did not answer in time.')), limits.patienceMs)
  sending.on('error', reject)
  sending.on('close', () => clearTimeout(late))
  sending.on('response', (answer) => {
    answer.on('error', reject)
    textWithin(answer, limits.longestBytes)
      .then((text) => resolve(responseOf(answer.statusCode ?? 0, answer.headers, text)))
      .catch(reject)
  })
  sending.end(body)
  return promise
}

/** The whole answer, which ends with its connection. @throws OAuthProblem when it is longer than any such document */
async function textWithin(answer: IncomingMessage, longest: number): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of answer) {
    size += (piece as Buffer).length
    if (size > longest) throw new OAuthProblem('its sign-in service answered with far more than a sign-in needs.')
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Redirects come back as they are: the SDK follows those within an origin, and those only. */
function responseOf(status: number, headers: Readonly<Record<string, string | string[] | undefined>>, text: string) {
  if (status < 200 || status > 599) throw new RemoteProblem('it did not answer in HTTP’s way.')
  const kept = ['content-type', 'location', 'www-authenticate', 'dpop-nonce'].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : text, { status, headers: kept })
}
