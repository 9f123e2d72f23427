import { createHash, X509Certificate } from 'node:crypto'
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as HttpsAgent, request as tlsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { Authorize, Challenge } from '../../../shared/domain/remote.ts'
import { checkedLookup, checkLiteral, type RemoteAddress } from './address.ts'
import { problemOf, RemoteProblem } from './remote-problem.ts'

export interface TlsIdentity {
  readonly authorities?: string
  readonly pin?: string
  readonly tls12?: boolean
  readonly certificate?: string
  readonly key?: string
}

export interface RemoteHttpOptions {
  readonly address: RemoteAddress
  /** Headers of the person's own, with their secrets. Never logged, never in an error. */
  readonly headers: Readonly<Record<string, string>>
  readonly tls: TlsIdentity
  readonly authorize?: Authorize
  readonly limits?: Partial<RemoteLimits>
}

export interface RemoteLimits {
  /** Until a connection stands, encryption included. */
  readonly connectMs: number
  /** Until an answer that needs no work of the server has begun. */
  readonly headMs: number
  /** From the beginning of an answer that is one document to its end. */
  readonly bodyMs: number
  /** Bytes of one message. */
  readonly longestMessage: number
  /** A quiet stream or connection is asked for a sign of life. */
  readonly quietMs: number
  /** A standing stream or a subscription on which nothing came for so long is opened anew: its other end may be gone without a word. */
  readonly idleStreamMs: number
  /** First waiting before connecting again; doubles. */
  readonly againMs: number
}

export const defaultRemoteLimits: RemoteLimits = {
  connectMs: 15_000,
  headMs: 30_000,
  bodyMs: 60_000,
  longestMessage: 48 * 1024 * 1024,
  quietMs: 30_000,
  idleStreamMs: 5 * 60_000,
  againMs: 1_000,
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Of the same origin; the server's own address when left out. */
  readonly url?: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** The answer may take as long as the call: only the signal ends the waiting for its beginning. */
  readonly patient?: boolean
}

const mostRedirects = 3
const mostChallenges = 3
/** Shorter than the 5 s after which most servers close a connection nobody uses. */
const idleSocketMs = 4_000
/** TCP asks the other side for a sign of life after so long, then every second, ten times: a half-open connection ends. */
const keepAliveMs = 15_000

/**
 * HTTP with one remote server. It connects only to addresses that were checked, checks the certificate, follows no
 * redirect to another origin, and adds what proves the person's rights. Uses no proxy.
 */
export class RemoteHttp {
  readonly limits: RemoteLimits
  readonly #agent: HttpAgent | HttpsAgent
  readonly #tls: ConnectionOptions
  readonly #heard = new WeakSet<Socket>()

  constructor(private readonly options: RemoteHttpOptions) {
    this.limits = { ...defaultRemoteLimits, ...options.limits }
    this.#tls = tlsOptions(options.tls)
    const common = { keepAlive: true, keepAliveMsecs: keepAliveMs, timeout: idleSocketMs, maxFreeSockets: 4 }
    this.#agent = options.address.encrypted ? new HttpsAgent({ ...common, ...this.#tls }) : new HttpAgent(common)
  }

  get url(): URL {
    return this.options.address.url
  }

  /** For a WebSocket, which opens its connection itself. @throws RemoteProblem */
  get connection() {
    checkLiteral(this.options.address)
    return { ...this.#tls, lookup: checkedLookup(this.options.address) }
  }

  /** Whether there is a way to answer a challenge. */
  get mayProve(): boolean {
    return this.options.authorize !== undefined
  }

  /** @throws RemoteProblem; the signal's reason */
  async open(ask: Ask): Promise<IncomingMessage> {
    let challenge: Challenge | undefined
    for (let challenges = 0; ; challenges++) {
      const { answer, proof } = await this.#followed(ask, challenge)
      challenge = this.#challengeIn(answer, proof)
      if (challenge === undefined) return answer
      answer.destroy()
      if (!this.mayProve || challenges === mostChallenges) throw refusal(challenge.status)
    }
  }

  /** Headers of the person's own and those that prove a right. @throws RemoteProblem */
  async proof(method: string, url: URL, challenge?: Challenge): Promise<Readonly<Record<string, string>>> {
    const { headers, authorize } = this.options
    const asked = { method, url: httpUrl(url).href, ...(challenge === undefined ? {} : { challenge }) }
    return { ...headers, ...(authorize === undefined ? {} : await authorize.proof(asked)) }
  }

  /** What an answer gives along for the next proof. */
  heard({ 'dpop-nonce': nonce }: IncomingHttpHeaders): void {
    if (typeof nonce === 'string') this.options.authorize?.heard(nonce)
  }

  /** Closes every connection. */
  close(): void {
    this.#agent.destroy()
  }

  /** Between two requests nobody else listens to a connection; an error then would end the app. */
  #hearing(socket: Socket): void {
    if (this.#heard.has(socket)) return
    this.#heard.add(socket)
    socket.on('error', () => {})
  }

  #challengeIn(
    { statusCode, headers }: IncomingMessage,
    proof: Readonly<Record<string, string>>,
  ): Challenge | undefined {
    const wwwAuthenticate = headers['www-authenticate']
    if (statusCode !== 401 && !(statusCode === 403 && wwwAuthenticate !== undefined)) return undefined
    const status = statusCode as 401 | 403
    return { status, url: this.url.href, proof, ...(wwwAuthenticate === undefined ? {} : { wwwAuthenticate }) }
  }

  async #followed(ask: Ask, challenge: Challenge | undefined) {
    let url = ask.url ?? this.url
    for (let redirects = 0; ; redirects++) {
      const proof = await this.proof(ask.method, url, redirects === 0 ? challenge : undefined)
      const answer = await this.#once(url, ask, proof)
      this.heard(answer.headers)
      const target = redirectOf(answer, url)
      if (target === undefined) return { answer, proof }
      answer.destroy()
      url = sameOrigin(target, this.url)
      if (redirects === mostRedirects)
        throw new RemoteProblem('it sends every request on to another address of its own.')
      const keepsMethod = answer.statusCode === 307 || answer.statusCode === 308 || ask.method === 'GET'
      if (!keepsMethod) throw new RemoteProblem(`it moved to ${url.href}. Add it with that address.`, answer.statusCode)
    }
  }

  #once(url: URL, ask: Ask, proof: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    const { address } = this.options
    return new Promise((resolve, reject) => {
      checkLiteral(address)
      if (ask.signal.aborted) return reject(ask.signal.reason)
      const sending = (address.encrypted ? tlsRequest : plainRequest)(httpUrl(url), {
        method: ask.method,
        agent: this.#agent,
        lookup: checkedLookup(address),
        headers: {
          ...proof,
          ...ask.headers,
          'accept-encoding': 'identity',
          ...(ask.body === undefined ? {} : { 'content-length': Buffer.byteLength(ask.body) }),
        },
      })
      const { connectMs, headMs } = this.limits
      const give = (problem: string) => sending.destroy(new RemoteProblem(problem))
      const connecting = setTimeout(() => give(`no connection stood after ${seconds(connectMs)}.`), connectMs)
      const head = ask.patient
        ? undefined
        : setTimeout(() => give(`it did not answer within ${seconds(headMs)}.`), headMs)
      const abort = () => sending.destroy(asError(ask.signal.reason))
      ask.signal.addEventListener('abort', abort, { once: true })
      sending.on('socket', (socket) => {
        this.#hearing(socket)
        const ready = address.encrypted ? 'secureConnect' : 'connect'
        if (sending.reusedSocket || !socket.connecting) clearTimeout(connecting)
        else socket.once(ready, () => clearTimeout(connecting))
      })
      const done = () => {
        clearTimeout(connecting)
        clearTimeout(head)
      }
      sending.on('error', (error) => {
        done()
        reject(ask.signal.aborted ? ask.signal.reason : problemOf(error))
      })
      const over = () => ask.signal.removeEventListener('abort', abort)
      sending.on('close', over)
      sending.on('response', (answer) => {
        done()
        answer.on('error', () => {}) // whoever reads it hears it too
        answer.once('end', over)
        resolve(answer)
      })
      sending.end(ask.body)
    })
  }
}

/** The whole body as text. @throws RemoteProblem when it is too long or drips */
export async function bodyText(answer: IncomingMessage, longest: number, bodyMs: number): Promise<string> {
  const slow = setTimeout(
    () => answer.destroy(new RemoteProblem(`its answer did not end within ${seconds(bodyMs)}.`)),
    bodyMs,
  )
  try {
    if (answer.headers['content-encoding'])
      throw new RemoteProblem('it answered compressed though it was asked not to.')
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of answer) {
      size += (piece as Buffer).length
      if (size > longest) throw new RemoteProblem('it sent a message over 48 MB.')
      pieces.push(piece as Buffer)
    }
    return Buffer.concat(pieces).toString('utf8')
  } catch (error) {
    throw problemOf(error)
  } finally {
    clearTimeout(slow)
    answer.destroy()
  }
}

export function refusal(status: number): RemoteProblem {
  return status === 401
    ? new RemoteProblem(
        'it does not accept you (HTTP 401). It wants a sign-in, or another secret in its headers.',
        status,
      )
    : new RemoteProblem('it does not allow this (HTTP 403).', status)
}

function redirectOf(answer: IncomingMessage, from: URL): URL | undefined {
  const { statusCode = 0, headers } = answer
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  if (headers.location === undefined || !URL.canParse(headers.location, from))
    throw new RemoteProblem(`it sends requests on to nowhere (HTTP ${statusCode}).`, statusCode)
  return new URL(headers.location, from)
}

/** @returns `target` @throws RemoteProblem when it is of another origin: what proves the person's rights stays here */
export function sameOrigin(target: URL, home: URL): URL {
  if (httpUrl(target).origin === httpUrl(home).origin && target.protocol !== 'file:') return target
  const shown = target.origin === 'null' ? target.protocol : target.origin
  throw new RemoteProblem(
    `it sends requests on to ${shown.slice(0, 200)}, which is not ${home.host}. If that is right, add it with that address.`,
  )
}

/** `ws:` as the `http:` it begins as. */
function httpUrl(url: URL): URL {
  return url.protocol.startsWith('ws') ? new URL(url.href.replace(/^ws/, 'http')) : url
}

/** TLS 1.3, unless the person said that 1.2 will do for this server. */
export function tlsOptions({ authorities, pin, tls12, certificate, key }: TlsIdentity): ConnectionOptions {
  return {
    rejectUnauthorized: true,
    minVersion: tls12 ? 'TLSv1.2' : 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    checkServerIdentity: (host, shown) => checkServerIdentity(host, shown) ?? pinProblem(shown, pin),
  }
}

/** @param pin base64 SHA-256 of the SubjectPublicKeyInfo, as in RFC 7469 */
function pinProblem({ raw }: PeerCertificate, pin: string | undefined): Error | undefined {
  if (pin === undefined) return undefined
  const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' })
  const found = createHash('sha256').update(key).digest('base64')
  if (found === pin) return undefined
  return new RemoteProblem(
    `its public key is not the pinned one, but sha256/${found}. Do not use it before you know why.`,
  )
}

const seconds = (ms: number) => `${Math.max(1, Math.round(ms / 1000))} s`
const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error('given up'))
