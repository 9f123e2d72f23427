/**
 * How well a hosted server speaks MCP: a score, what is wrong and what to do about it. The server is started once more
 * for it, in its own sandbox, or connected to once more, and asked only what has no effect: introductions, lists, and messages that are wrong.
 *
 * It refuses to call a tool, to read or fill anything that exists, and to change what the person accepted.
 */
import type { ComplianceReport } from '../../../shared/contract/compliance.ts'
import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Introduction } from '../handshake.ts'
import type { Warden } from '../hosts/stdio-host.ts'
import { type LaunchParts, launchOf } from '../launch.ts'
import type { LeaseSecrets } from '../ports.ts'
import type { ServerStore } from '../server-store.ts'
import type { OpenRemote } from '../start-server.ts'
import type { GradeStore } from './grade-store.ts'
import { Grading } from './grading.ts'
import { judgeMessages, watchManners } from './manners.ts'
import { disagree, judgeQuestions, meet } from './meeting.ts'
import { lookAtOffers } from './offers.ts'
import { Probe } from './probe.ts'

export interface ComplianceParts {
  readonly store: Pick<ServerStore, 'need'>
  readonly grades: GradeStore
  readonly sandbox: Pick<Sandbox, 'confine'>
  readonly warden: Warden
  /** The way to a server elsewhere. Throws what refuses it. */
  readonly connect: (server: ServerConfig, secrets: Readonly<Record<string, string>>) => Promise<OpenRemote>
  readonly launch: LaunchParts
  readonly lease: LeaseSecrets
  readonly redact: (text: string) => string
  readonly clientInfo: Introduction
  readonly onGraded: (report: ComplianceReport) => void
  /** Milliseconds a server may take for its first answer, and for each later one. */
  readonly startMs?: number
  readonly answerMs?: number
}

const defaultStartMs = 30_000
const defaultAnswerMs = 5_000

export class Compliance {
  readonly #running = new Map<ServerName, Promise<ComplianceReport>>()

  constructor(private readonly parts: ComplianceParts) {}

  /** One at a time for a server: who asks meanwhile gets the same report. @throws server.unknown, sandbox.unavailable, keys.unavailable */
  check(name: ServerName): Promise<ComplianceReport> {
    const running = this.#running.get(name)
    if (running) return running
    const check = this.#check(this.parts.store.need(name)).finally(() => this.#running.delete(name))
    this.#running.set(name, check)
    return check
  }

  latest = (name: ServerName): ComplianceReport | undefined => this.parts.grades.get(name)
  grades = (): readonly ComplianceReport[] => this.parts.grades.all()
  forget = (name: ServerName): void => this.parts.grades.forget(name)

  async #check(server: ServerConfig): Promise<ComplianceReport> {
    const startedMs = performance.now()
    const grading = new Grading(this.parts.redact)
    const protocols = await this.#talk(server, grading)
    const report = grading.report({
      server: server.name,
      protocols: [...protocols],
      checkedAt: Date.now() as EpochMs,
      durationMs: Math.round(performance.now() - startedMs),
    })
    this.parts.grades.save(report)
    this.parts.onGraded(report)
    return report
  }

  async #talk(server: ServerConfig, grading: Grading): Promise<readonly string[]> {
    const { startMs = defaultStartMs } = this.parts
    const met = await this.#with(server, async (probe) => {
      const met = await meet(probe, grading, startMs)
      if (met) {
        await lookAtOffers(probe, met, grading)
        await watchManners(probe, met, grading)
        judgeQuestions(probe, grading)
      }
      judgeMessages(probe, grading)
      return met && { protocols: met.protocols, modern: probe.modern }
    })
    if (!met) return []
    await this.#with(server, (probe) => disagree(probe, grading, met.modern, startMs))
    return met.protocols
  }

  /** A fresh process in the server's sandbox, or a fresh connection; gone afterwards. */
  async #with<T>(server: ServerConfig, work: (probe: Probe) => Promise<T>): Promise<T> {
    const probe = await this.#probe(server)
    try {
      return await work(probe)
    } finally {
      await probe.stop()
    }
  }

  async #probe(server: ServerConfig): Promise<Probe> {
    const { sandbox, warden, launch, lease, connect, clientInfo, answerMs = defaultAnswerMs } = this.parts
    const secrets = await lease(server)
    if (server.origin.kind === 'remote') return Probe.over(await connect(server, secrets), clientInfo, answerMs)
    const how = await launchOf(server, launch)
    const confinement = await sandbox.confine({ server, ...how, secrets, instance: 'grading' })
    return Probe.start(confinement, warden, clientInfo, answerMs)
  }
}
