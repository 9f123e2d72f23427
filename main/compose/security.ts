import type { Reply } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import { type Measure, measures } from '../../shared/domain/incident.ts'
import type { Json } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { answerFigures } from '../anomalies/answer-figures.ts'
import { Behaviour, type UsageFigures } from '../anomalies/behaviour.ts'
import { BehaviourStore } from '../anomalies/behaviour-store.ts'
import { Violations } from '../anomalies/violations.ts'
import type { Cells } from '../cells/cells.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { Decoys, type DecoyTouch } from '../sandbox/decoys/decoys.ts'
import type { ServerAdministration } from '../supervisor/administration.ts'
import type { Incidents } from '../supervisor/incidents/incidents.ts'
import type { ServerStore } from '../supervisor/server-store.ts'
import type { Supervisor } from '../supervisor/supervisor.ts'
import type { Foundation } from './foundation.ts'

const saveEveryMs = 60_000
const touchesKept = 20

export interface SecurityParts {
  readonly servers: ServerStore
  readonly incidents: () => Incidents
  readonly supervisor: () => Supervisor
  readonly cells: () => Pick<Cells, 'suspend'>
}

export interface Security {
  readonly decoys: Decoys
  readonly violations: Violations
  readonly onDecoyTouched: (touch: DecoyTouch) => void
  /** Decoys a server touched since a time, in words: what a trial run is judged by. */
  readonly decoysTouched: (server: ServerName, since: EpochMs) => readonly string[]
  /** Every text that goes to a server or comes from it. */
  readonly hears: (server: ServerName, text: string, way: 'said' | 'told') => void
  readonly behaviour: Behaviour
  readonly onUsage: (server: ServerName, usage: UsageFigures) => void
  readonly onAnswered: (call: Equipped, reply: Reply, tookMs: number) => void
  /** Nothing is known of a server that was removed. */
  readonly forget: (server: ServerName) => void
  /** Keeps what was learnt. */
  stop(): void
}

/** What servers must not do, how it shows, and what follows. */
export function buildSecurity(base: Foundation, { servers, incidents, supervisor, cells }: SecurityParts): Security {
  const decoys = new Decoys((about) => base.seal.seal('decoy', { about }))
  const violations = new Violations({
    isOn: (server) => servers.get(server)?.enabled === true,
    takeOff: (server, _measure, reason) => {
      servers.disable(server, reason)
      supervisor().changed(server)
      supervisor()
        .hosted(server)
        .stopAll()
        .catch((error) => base.log.error({ err: error }, 'a server that was switched off could not be ended'))
      cells().suspend(server, reason) // switching it on alone does not bring it back; its code is revoked by the person only
    },
    watch: (server) => supervisor().upkeep.governor.watchClosely(server),
    incident: ({ server, kind, evidence }, measure) => {
      const { id } = incidents().symptom(server, kind, evidence)
      incidents().attempted(server, { strategy: measure, worked: true, detail: words[measure] })
      return id
    },
    record: ({ server, kind, severity }, measure, summary) =>
      void base.audit.append({
        action: `incident.${kind}`,
        severity: severity === 'low' ? 'notice' : severity === 'medium' ? 'warning' : 'critical',
        summary,
        server,
        ...(measure === 'log' ? {} : { code: measure }),
      }),
    tell: (sentence) => base.notice('problem', sentence),
  })
  const touched = new Map<ServerName, { readonly at: number; readonly what: string }[]>()
  const reported = (touch: DecoyTouch, evidence: string) => {
    const before = touched.get(touch.server)?.slice(1 - touchesKept) ?? []
    touched.set(touch.server, [...before, { at: Date.now(), what: `${touch.path} (${touch.how})` }])
    if (servers.get(touch.server)) violations.report({ ...touch, kind: 'decoy-touched', evidence })
  }
  const kept = new BehaviourStore(base.store.db)
  const identities = new WeakMap<ServerConfig, string>()
  const identityOf = (server: ServerConfig): string => {
    const known = identities.get(server) ?? canonicalJson([server.origin, server.sandbox] as unknown as Json) // members are in another order after a restart
    identities.set(server, known)
    return known
  }
  const behaviour = new Behaviour({
    identity: (name) => {
      const server = servers.get(name)
      return server && identityOf(server)
    },
    kept,
    onViolation: (violation) => violations.report(violation),
  })
  const saving = setInterval(() => behaviour.save(), saveEveryMs).unref()
  return {
    behaviour,
    onUsage: (server, usage) => behaviour.used(server, usage),
    onAnswered: ({ server, entry, method }, reply, latencyMs) => {
      if (method !== 'tools/call' || reply.kind !== 'result') return
      behaviour.answered(server.name, { entry: entry.name, latencyMs, ...answerFigures(reply.result) })
    },
    forget: (server) => {
      behaviour.forget(server)
      touched.delete(server)
      kept.drop(server)
    },
    stop: () => {
      clearInterval(saving)
      behaviour.save()
    },
    decoys,
    violations,
    decoysTouched: (server, since) =>
      (touched.get(server) ?? []).filter(({ at }) => at >= since).map(({ what }) => what),
    onDecoyTouched: (touch) => reported(touch, touchedInWords(touch)),
    hears: (server, text, way) => {
      for (const touch of decoys.carriedIn(text)) reported(touch, carriedInWords(touch, server, way))
    },
  }
}

const words: Readonly<Record<Measure, string>> = {
  watch: 'It is looked at more often.',
  suspend: 'It was switched off until you decide.',
  revoke: 'It was switched off; as it is, it is not to be trusted.',
}

const happened = { read: 'read', changed: 'changed', removed: 'removed', 'carried on': 'carried on' } as const

const touchedInWords = ({ what, path, how }: DecoyTouch) =>
  `It ${happened[how]} a decoy: ${path} in its private home, which looks like ${what} and is none.`

const carriedInWords = ({ what, path }: DecoyTouch, server: ServerName, way: 'said' | 'told') =>
  `What stands in its decoy ${path}, which looks like ${what}, ${way === 'said' ? `came out of “${server}”` : `was sent to “${server}”`}.`

/** The person resolved an incident: what was switched off for it may go on. */
export async function letGoOn(
  hosting: {
    readonly incidents: Incidents
    readonly servers: ServerStore
    readonly administration: ServerAdministration
    readonly security: Pick<Security, 'behaviour'>
    readonly cells: Pick<Cells, 'goOn'>
  },
  id: string,
): Promise<void> {
  const { incidents, servers, administration, security, cells } = hosting
  const { server, attempts } = incidents.need(id)
  security.behaviour.accept(server)
  const taken = attempts.some(
    ({ strategy }) => (measures as readonly string[]).includes(strategy) && strategy !== 'watch',
  )
  if (taken) cells.goOn(server, id)
  if (taken && servers.get(server)?.disabledReason?.includes(id)) await administration.enable(server)
}
