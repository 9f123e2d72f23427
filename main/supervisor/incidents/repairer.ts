import type { ServerName } from '../../../shared/domain/ids.ts'
import type { RepairStrategy, SymptomKind } from '../../../shared/domain/incident.ts'
import { GatehouseError } from '../../../shared/errors.ts'
import type { Incidents } from './incidents.ts'

/** A process a repair started, looked at again after a while. */
export interface Trial {
  isWell(): Promise<boolean>
  /** The repair needs it no longer. */
  end(): Promise<void>
}

/** What a repair may do to a server. */
export interface Workshop {
  /** Switched on, and nobody is stopping the app. */
  isWanted(server: ServerName): boolean
  /** Milliseconds until it may be started again. */
  waitMs(server: ServerName): number
  /** Ends the processes that do not answer, starts one, leaves the others alone. */
  restart(server: ServerName): Promise<Trial>
  /** Ends all its processes with their sandboxes and folders, and starts one in a new sandbox. */
  recreate(server: ServerName): Promise<Trial>
  /** Installs the version of its package that last ran well. @returns undefined when there is none */
  lastGood(server: ServerName): Promise<Trial | undefined>
  /** Switches it off with the reason. @returns false for one that is left on: a server elsewhere comes back by itself */
  disable(server: ServerName, reason: string): boolean
  /** It works again: calls are let through at once. */
  mended(server: ServerName): void
}

export interface RepairerParts {
  readonly incidents: Incidents
  readonly workshop: Workshop
  readonly pause: (ms: number) => Promise<void>
  /** Tells the person. */
  readonly tell: (sentence: string) => void
  readonly onError: (error: unknown) => void
  readonly verifyAfterMs?: number
}

const starting: readonly Exclude<RepairStrategy, 'disable'>[] = ['restart', 'recreate-sandbox', 'last-good-version']

/**
 * Repairs a server that showed a symptom: one strategy after the other, each looked at again after 5 s, until one worked
 * or the server is switched off with the reason. One repair a server at a time; a server's trouble never waits for another's.
 * @see spec, platform I: auto-repair
 */
export class Repairer {
  readonly #running = new Set<ServerName>()

  constructor(private readonly parts: RepairerParts) {}

  /** Records the symptom; begins a repair unless one is under way. */
  report(server: ServerName, kind: SymptomKind, detail: string): void {
    this.parts.incidents.symptom(server, kind, detail)
    if (this.#running.has(server) || !this.parts.workshop.isWanted(server)) return
    this.#running.add(server)
    this.#repair(server)
      .catch((error) => this.parts.onError(error))
      .finally(() => this.#running.delete(server))
  }

  /** It was switched off after ending too often. */
  gaveUp(server: ServerName, reason: string): void {
    this.parts.incidents.attempted(server, { strategy: 'disable', worked: true, detail: reason })
    if (this.parts.incidents.close(server, 'escalated')) this.parts.tell(`“${server}” was switched off. ${reason}`)
  }

  async #repair(server: ServerName): Promise<void> {
    const { incidents, workshop, pause } = this.parts
    for (const strategy of starting) {
      await pause(workshop.waitMs(server))
      if (!this.#goesOn(server)) return this.#leave(server)
      const outcome = await this.#tried(server, strategy)
      if (outcome === 'does not apply') continue
      incidents.attempted(server, { strategy, ...outcome })
      if (outcome.worked) {
        workshop.mended(server)
        return void incidents.close(server, 'resolved')
      }
      if (outcome.hopeless) break
    }
    if (this.#goesOn(server)) this.#escalate(server)
  }

  async #tried(
    server: ServerName,
    strategy: (typeof starting)[number],
  ): Promise<'does not apply' | { worked: boolean; detail: string; hopeless: boolean }> {
    try {
      const trial = await this.#apply(server, strategy)
      if (trial === undefined) return 'does not apply'
      await this.parts.pause(this.parts.verifyAfterMs ?? 5_000)
      const worked = await trial.isWell()
      await trial.end()
      return { worked, detail: worked ? 'It answers.' : 'It did not last or did not answer.', hopeless: false }
    } catch (error) {
      const known = error instanceof GatehouseError
      const detail = known ? (error.params.problem ?? error.code) : 'It could not be done.'
      if (!known) this.parts.onError(error)
      return { worked: false, detail, hopeless: known && error.code !== 'server.failed' }
    }
  }

  #apply(server: ServerName, strategy: (typeof starting)[number]): Promise<Trial | undefined> {
    switch (strategy) {
      case 'restart':
        return this.parts.workshop.restart(server)
      case 'recreate-sandbox':
        return this.parts.workshop.recreate(server)
      case 'last-good-version':
        return this.parts.workshop.lastGood(server)
    }
  }

  #escalate(server: ServerName): void {
    const { incidents, workshop } = this.parts
    const open = incidents.openOf(server)
    const why = open?.attempts.at(-1)?.detail ?? ''
    const reason = `It could not be repaired. First: ${open?.symptoms[0]?.detail ?? ''} Last: ${why}`
    const off = workshop.disable(server, reason)
    incidents.attempted(server, { strategy: 'disable', worked: off, detail: reason })
    incidents.close(server, 'escalated')
    this.parts.tell(`“${server}” ${off ? 'was switched off' : 'does not work'}. ${reason}`)
  }

  #goesOn(server: ServerName): boolean {
    return this.parts.incidents.openOf(server) !== undefined && this.parts.workshop.isWanted(server)
  }

  /** Resolved by the person, switched off or removed meanwhile. */
  #leave(server: ServerName): void {
    this.parts.incidents.close(server, 'resolved')
  }
}
