import type { ClientPeer } from '../../shared/domain/call.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { isModern } from './handshake.ts'
import type { WantedProcess } from './hosted-server-parts.ts'
import type { LiveServer } from './live-server.ts'
import type { Era, KnownEra } from './server-store.ts'
import { ServerGone } from './start-server.ts'

export interface ErasParts {
  readonly config: () => Pick<ServerConfig, 'shared' | 'origin'>
  readonly era: { known(): KnownEra | undefined; remember(era: KnownEra): void }
  /** Starts a process and greets it; without an era, it is asked for its revision first. */
  readonly startOnce: (wanted: WantedProcess, era: Era | undefined) => Promise<LiveServer>
  /** Starts what is wanted, or joins a start under way, by what is known now. */
  readonly startAgain: (wanted: WantedProcess) => Promise<LiveServer>
}

/**
 * In which era of MCP a server is spoken to: found out once and remembered. What a server asks by a request of its own is
 * lost on the newer way, so a client of an earlier revision gets the older, where the server has it.
 */
export class Eras {
  constructor(private readonly parts: ErasParts) {}

  /** From 2026-07-28 one process serves everyone, but for clients that it can serve the older way as well. */
  isShared(peer: ClientPeer | undefined): boolean {
    const known = this.parts.era.known()
    return known !== undefined && known !== 'legacy' && !this.wantsOlderWay(peer)
  }

  wantsOlderWay(peer: ClientPeer | undefined): boolean {
    if (peer === undefined || isModern(peer.protocol) || this.parts.config().shared) return false
    const known = this.parts.era.known()
    return known === 'modern' || known === 'both'
  }

  /** @throws ServerGone; what starting throws */
  async start(wanted: WantedProcess): Promise<LiveServer> {
    if (wanted.instance === 'listing' || !this.wantsOlderWay(wanted.peer)) return this.#startFound(wanted)
    try {
      const live = await this.parts.startOnce(wanted, 'legacy')
      this.parts.era.remember('both')
      return live
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error
      this.parts.era.remember('modern only')
      return await this.parts.startAgain(wanted)
    }
  }

  /** A server that does not survive being asked for its revision is started once more and greeted the older way. */
  async #startFound(wanted: WantedProcess): Promise<LiveServer> {
    const known = this.parts.era.known()
    const era = known === undefined || known === 'legacy' ? known : 'modern'
    const live = await this.parts.startOnce(wanted, era).catch((error: unknown) => {
      const remote = this.parts.config().origin.kind === 'remote'
      if (era !== undefined || remote || !(error instanceof ServerGone)) throw error
      return this.parts.startOnce(wanted, 'legacy')
    })
    if (known === undefined || live.greeting.era !== era) this.parts.era.remember(live.greeting.era)
    return live
  }
}
