import { lookup as systemLookup } from 'node:dns/promises'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, isIP, type Server, type Socket } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ForwardTarget, isLoopback, liesWithin, plainHost } from './forward-target.ts'
import { ownListeningPorts } from './own-listeners.ts'
import type { RefusedHost } from './sandbox.ts'

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>
const connectWithinMs = 20_000
/** Connections of one server that may be open at once through all its forwarders. */
const mostConnections = 256

/**
 * Passes raw TCP on from one server's sandbox to the `HOST:PORT`s the person allowed it, each by a Unix socket that only
 * this sandbox contains. Every connection resolves and checks afresh: it never reaches a port Gatehouse itself listens
 * on, by whatever address, nor an address outside of where the name may lie.
 */
export class Forwarder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'gatehouse-'))
  readonly #servers: Server[] = []
  readonly #open = new Set<Socket>()

  constructor(
    private readonly refused: (refused: RefusedHost) => void,
    private readonly lookup: Lookup = (host) => systemLookup(host, { all: true }),
  ) {}

  /** @returns the socket's path */
  async listen(target: ForwardTarget): Promise<string> {
    const path = join(this.#folder, `${this.#servers.length}.sock`)
    const server = createServer({ allowHalfOpen: true }, (client) => {
      this.#pass(client, target).catch(() => client.destroy())
    })
    server.maxConnections = mostConnections
    this.#servers.push(server)
    await new Promise<void>((done, failed) => server.once('error', failed).listen(path, done))
    chmodSync(path, 0o600)
    return path
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #pass(client: Socket, target: ForwardTarget): Promise<void> {
    this.#keep(client)
    client.pause()
    const upstream = await this.#reached(target)
    if (upstream === undefined || client.destroyed) {
      upstream?.destroy()
      client.destroy()
      return
    }
    upstream.pipe(client)
    client.pipe(upstream)
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  }

  /** The first address that answers. Gatehouse's own ports are looked at before and after: one may be opened in between. */
  async #reached(target: ForwardTarget): Promise<Socket | undefined> {
    for (const address of await this.#addressesOf(target)) {
      if (isOwn(address, target.port)) {
        this.refused({ host: target.host, port: target.port, why: 'own port' })
        return undefined
      }
      const upstream = await this.#dial(address, target.port)
      if (upstream === undefined) continue
      const peer = upstream.remoteAddress
      if (peer !== undefined && !isOwn(peer, target.port)) return upstream
      upstream.destroy()
    }
    return undefined
  }

  /** None when any of them lies where the target must not. */
  async #addressesOf({ host, port, reach }: ForwardTarget): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host]
    if (reach === 'this computer') return ['127.0.0.1', '::1']
    const found = await this.lookup(host).catch(() => [])
    const addresses = found.map(({ address }) => address)
    if (addresses.every((address) => liesWithin(address, reach))) return addresses
    this.refused({ host, port, why: 'moved' })
    return []
  }

  #dial(host: string, port: number): Promise<Socket | undefined> {
    return new Promise((done) => {
      const socket = connect({ host, port, timeout: connectWithinMs, allowHalfOpen: true })
      this.#keep(socket)
      socket.once('connect', () => {
        socket.setTimeout(0)
        done(socket)
      })
      socket.once('timeout', () => socket.destroy())
      socket.once('close', () => done(undefined))
    })
  }

  #keep(socket: Socket): void {
    this.#open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#open.delete(socket))
  }
}

/** A port Gatehouse listens on, by any address of this computer. Not to be told counts as one. */
export function isOwn(address: string, port: number): boolean {
  const plain = plainHost(address)
  const here = isLoopback(plain) || addressesHere().includes(plain)
  if (!here) return false
  try {
    return ownListeningPorts().has(port)
  } catch {
    return true
  }
}

const addressesHere = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => plainHost(address)))
