import type { ClientPeer } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { SymptomKind } from '../../shared/domain/incident.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { BreakerSettings } from '../limits/breaker.ts'
import type { Wiped } from '../sandbox/sandbox.ts'
import type { Introduction } from './handshake.ts'
import type { Warden } from './hosts/stdio-host.ts'
import type { LiveServer } from './live-server.ts'
import type { LogRing } from './log-ring.ts'
import type { OneCall } from './one-call.ts'
import type { Engine } from './ports.ts'
import type { RestartLimits } from './restart-policy.ts'
import type { KnownEra } from './server-store.ts'
import type { Road } from './start-server.ts'
import type { ToClient } from './to-client.ts'

/** Who a process is for: a session, everyone, everyone with others, one call, or Gatehouse's own look at it and its repair. */
export type Instance = SessionId | 'shared' | `pool-${number}` | 'listing' | 'repair' | OneCall

export interface HostedServerParts {
  readonly config: () => ServerConfig
  readonly confine: (instance: Instance, secrets: Readonly<Record<string, string>>) => Promise<Road>
  readonly warden: Warden
  readonly clientInfo: Introduction
  readonly era: { known(): KnownEra | undefined; remember(era: KnownEra): void }
  readonly log: LogRing
  readonly toClient: ToClient
  /** What it is the face of. */
  readonly engine?: () => Engine | undefined
  /** Its latest words, shortened and without secrets, or ''. */
  readonly lastWords: () => string
  readonly restartLimits: RestartLimits
  readonly breaker: BreakerSettings
  readonly probeMs: number
  readonly initializeMs: number
  /** Compares what a new process offers with what was accepted, before any call reaches it. */
  readonly onStarted: (live: LiveServer, instance: Instance) => Promise<void>
  readonly onState: () => void
  readonly onListChanged: (live: LiveServer) => void
  readonly onGivenUp: (reason: string) => void
  /** Something is wrong with it; `detail` is for a person, without secrets. */
  readonly onTrouble?: (kind: SymptomKind, detail: string) => void
  /** A process runs. @returns called when it runs no longer */
  readonly watch?: (live: LiveServer, instance: Instance) => () => void
  /** The secrets of a process no call asked for. */
  readonly lease: () => Promise<Readonly<Record<string, string>>>
  /** Level 4: a process that may leave nothing is gone, with what it left. */
  readonly onWiped?: (instance: Instance, wiped: Wiped) => void
  /** Every text that goes to its processes or comes from them. */
  readonly hears?: (text: string, way: 'said' | 'told') => void
  readonly usage?: (pid: number) => { readonly cpu: number; readonly memory: number } | undefined
}

export interface WantedProcess {
  readonly instance: Instance
  readonly peer: ClientPeer | undefined
  readonly secrets: Readonly<Record<string, string>>
}
