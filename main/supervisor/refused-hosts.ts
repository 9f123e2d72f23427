/**
 * Hosts a confined server wanted to reach and was refused, each a question to the person: allow it for this server, or
 * never. Keeps a few a server, tells of them rarely, and offers nothing on this computer or in the local network.
 */
import type { RefusedHostShown } from '../../shared/contract/hosts.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { isLocalName } from '../sandbox/addresses.ts'
import type { Confinement, RefusedHost, Sandbox } from '../sandbox/sandbox.ts'
import type { ServerStore } from './server-store.ts'

export interface RefusedHostsParts {
  readonly store: ServerStore
  /** Ends processes of a server that have nothing to do: the next call starts one with the new rights. */
  readonly restartIdle: (server: ServerName) => void
  /** Once for each host that is kept, for the record. */
  readonly onFirst: (server: ServerName, host: string) => void
  /** At most once every two seconds a server. */
  readonly onChange: (server: ServerName) => void
  readonly now?: () => number
}

/** A server that tries a thousand hosts gets ten questions, and a count. */
const mostHosts = 10
const tellEveryMs = 2000

interface Kept {
  readonly refused: RefusedHost
  times: number
  at: number
}

export class RefusedHosts {
  readonly #kept = new Map<ServerName, Map<string, Kept>>()
  readonly #more = new Map<ServerName, number>()
  readonly #live = new Map<ServerName, Set<Confinement>>()
  readonly #telling = new Map<ServerName, NodeJS.Timeout>()

  constructor(private readonly parts: RefusedHostsParts) {}

  /** The same sandbox, watched: what its servers are refused arrives here. */
  watching(sandbox: Sandbox): Sandbox {
    return {
      status: () => sandbox.status(),
      mayTouch: (server, readable) => sandbox.mayTouch(server, readable),
      limitsInWords: (server) => sandbox.limitsInWords(server),
      stop: () => sandbox.stop(),
      confine: async (request) => this.#watched(request.server.name, await sandbox.confine(request)),
    }
  }

  /** @param server of all servers when undefined; newest first */
  shown(server?: ServerName): { hosts: RefusedHostShown[]; more: number; never: { server: string; host: string }[] } {
    const of = this.parts.store.list().filter(({ name }) => server === undefined || name === server)
    const hosts = of.flatMap((config) =>
      [...(this.#kept.get(config.name)?.values() ?? [])].map((one) => shown(config, one)),
    )
    return {
      hosts: hosts.sort((a, b) => b.at - a.at),
      more: of.reduce((sum, { name }) => sum + (this.#more.get(name) ?? 0), 0),
      never: of.flatMap(({ name, neverHosts = [] }) => neverHosts.map((host) => ({ server: name, host }))),
    }
  }

  /**
   * @returns whether only a new process reaches it; one without anything to do is ended for that
   * @throws input.invalid for what was not refused to it, or is never offered
   */
  allow(name: ServerName, host: string, port: number): { restarts: boolean } {
    const config = this.parts.store.need(name)
    const kept = this.#kept.get(name)?.get(keyOf({ host, port }))
    const before = config.neverHosts?.includes(host) === true && isOffered(config, { host, port })
    if (!before && !(kept && isOffered(config, kept.refused))) throw inputInvalid(notOffered(host, port))
    const allowedHosts = [...new Set([...config.allowedHosts, `${host}:${port}`])]
    const neverHosts = (config.neverHosts ?? []).filter((one) => one !== host)
    this.parts.store.set(name, { allowedHosts, neverHosts })
    this.#settled(name, host, port)
    const live = [...(this.#live.get(name) ?? [])]
    const restarts = live.map((confinement) => confinement.allowHosts(allowedHosts)).includes(false)
    if (restarts) this.parts.restartIdle(name)
    return { restarts }
  }

  never(name: ServerName, host: string): void {
    const { neverHosts = [] } = this.parts.store.need(name)
    this.parts.store.set(name, { neverHosts: [...new Set([...neverHosts, host])] })
    this.#settled(name, host)
  }

  /** Of a server that was removed. */
  forget(name: ServerName): void {
    clearTimeout(this.#telling.get(name))
    for (const map of [this.#kept, this.#more, this.#live, this.#telling]) map.delete(name)
  }

  #watched(name: ServerName, confinement: Confinement): Confinement {
    const live = this.#live.get(name) ?? new Set()
    this.#live.set(name, live.add(confinement))
    const stop = confinement.onDeniedHost((refused) => this.#note(name, refused))
    for (const refused of confinement.deniedHosts()) this.#note(name, refused)
    const release = async () => {
      stop()
      live.delete(confinement)
      await confinement.release()
    }
    return { ...confinement, release }
  }

  #note(name: ServerName, refused: RefusedHost): void {
    const config = this.parts.store.get(name)
    if (config === undefined || config.neverHosts?.includes(refused.host)) return
    const kept = this.#kept.get(name) ?? new Map<string, Kept>()
    this.#kept.set(name, kept)
    const at = (this.parts.now ?? Date.now)()
    const present = kept.get(keyOf(refused))
    if (present) Object.assign(present, { times: present.times + 1, at })
    else if (kept.size < mostHosts) {
      kept.set(keyOf(refused), { refused, times: 1, at })
      this.parts.onFirst(name, keyOf(refused))
    } else this.#more.set(name, (this.#more.get(name) ?? 0) + 1)
    this.#tell(name)
  }

  #settled(name: ServerName, host: string, port?: number): void {
    const kept = this.#kept.get(name)
    for (const [key, { refused }] of kept ?? [])
      if (refused.host === host && (port === undefined || refused.port === port)) kept?.delete(key)
    this.#tell(name)
  }

  #tell(name: ServerName): void {
    if (this.#telling.has(name)) return
    this.parts.onChange(name)
    const timer = setTimeout(() => {
      this.#telling.delete(name)
      this.parts.onChange(name)
    }, tellEveryMs)
    this.#telling.set(name, timer.unref())
  }
}

const keyOf = ({ host, port }: RefusedHost) => (port === undefined ? host : `${host}:${port}`)

/** Only named public hosts, only where a name is all that is missing. */
const isOffered = (config: ServerConfig, { host, port, why }: RefusedHost): boolean =>
  config.sandbox === 2 && why === undefined && port !== undefined && isHostName(host) && !isLocalName(host)

/** What a server asked for stands in the person's configuration later: nothing but a name or an address. */
const isHostName = (host: string) => /^[A-Za-z0-9._-]+$/.test(host) || /^\[?[0-9A-Fa-f:.]+\]?$/.test(host)

const shown = (config: ServerConfig, { refused, times, at }: Kept): RefusedHostShown => ({
  server: config.name,
  ...refused,
  times,
  at: at as EpochMs,
  offered: isOffered(config, refused),
})

const notOffered = (host: string, port: number) =>
  `${host}:${port} was not refused to this server, or is not offered: this computer and the local network are allowed in its settings only.`
