import { lookup as systemLookup } from 'node:dns/promises'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { isLocalName, isPrivateAddress } from './addresses.ts'
import type { RefusedHost } from './sandbox.ts'

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>
/** Ports of mail delivery: a server that may reach any host must not become a spam relay. */
const refusedPorts: readonly number[] = [25]
const connectWithinMs = 20_000

/**
 * The way out of a level 1 server: any public host, never this computer, the local network or a metadata service.
 * Listens on a Unix socket that only this one server's sandbox contains, so who asks needs no proof.
 * A name is resolved once and the very address that was checked is dialled.
 */
export class PublicEgress {
  readonly #server: Server
  readonly #open = new Set<Duplex>()
  readonly #refused: (refused: RefusedHost) => void
  readonly #lookup: Lookup

  constructor(refused: (refused: RefusedHost) => void, lookup: Lookup = (host) => systemLookup(host, { all: true })) {
    this.#refused = refused
    this.#lookup = lookup
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => response.destroy())
    })
    this.#server.on('connect', (request: IncomingMessage, socket: Duplex) => {
      this.#tunnel(request, socket).catch(() => socket.destroy())
    })
    this.#server.on('connection', (socket) => this.#keep(socket))
    this.#server.on('clientError', (_error, socket) => socket.destroy())
  }

  async listen(socketPath: string): Promise<void> {
    rmSync(socketPath, { force: true })
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed)
      this.#server.listen(socketPath, done)
    })
    chmodSync(socketPath, 0o600)
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await new Promise<void>((done) => this.#server.close(() => done()))
  }

  async #tunnel(request: IncomingMessage, client: Duplex): Promise<void> {
    client.on('error', () => client.destroy())
    const target = parseTarget(request.url ?? '', 443)
    const address = target && (await this.#permitted(target))
    if (!address) {
      client.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    const upstream = connect({ host: address, port: target.port, timeout: connectWithinMs })
    this.#keep(upstream)
    upstream.once('connect', () => {
      upstream.setTimeout(0)
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    const end = () => {
      upstream.destroy()
      client.destroy()
    }
    upstream.on('error', end).on('timeout', end).on('close', end)
    client.on('close', end)
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '')
    const target = url?.protocol === 'http:' ? parseTarget(url.host, 80) : undefined
    const address = target && (await this.#permitted(target))
    if (!url || !address) {
      response.writeHead(403).end('Not reachable from here.')
      return
    }
    const { 'proxy-authorization': _a, 'proxy-connection': _b, ...headers } = request.headers
    const upstream = httpRequest({
      host: address,
      port: target.port,
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
      timeout: connectWithinMs,
    })
    upstream.on('response', (answer) => passOn(answer, response))
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    request.pipe(upstream)
  }

  /** @returns the checked address to dial, or undefined when any part of it is not public */
  async #permitted(target: { readonly host: string; readonly port: number }): Promise<string | undefined> {
    const addresses = await this.#addressesOf(target.host)
    if (!addresses) return undefined
    const allowed =
      addresses.length > 0 &&
      !refusedPorts.includes(target.port) &&
      !addresses.some((address) => isPrivateAddress(address))
    if (!allowed) this.#refused(target)
    return allowed ? addresses[0] : undefined
  }

  /** @returns none for a local name, undefined for a name nobody knows */
  async #addressesOf(host: string): Promise<readonly string[] | undefined> {
    if (isIP(host)) return [host]
    if (isLocalName(host)) return []
    try {
      return (await this.#lookup(host)).map(({ address }) => address)
    } catch {
      return undefined
    }
  }

  #keep(socket: Duplex): void {
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
  }
}

/** Whatever a stranger answers, such as a status that is none, ends no more than this one exchange. */
export function passOn(answer: IncomingMessage, response: ServerResponse): void {
  try {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  } catch {
    answer.destroy()
    response.destroy()
  }
}

/** `host:port`, with every spelling of an address (`127.1`, `0x7f000001`, `[::1]`) made plain by the URL parser. */
function parseTarget(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const url = URL.parse(`http://${text}`)
  if (!url?.hostname || url.pathname !== '/' || url.username || url.search || url.hash) return undefined
  const explicit = /:(\d+)$/.exec(text)?.[1]
  const port = Number(explicit ?? defaultPort)
  if (!(port >= 1 && port <= 65535)) return undefined
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port }
}
