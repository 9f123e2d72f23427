import type { z } from 'zod'
import type { ServerDetail, serverPlan, serverSummary } from '../../shared/contract/servers.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { mistakenFor } from '../cells/analysis/squatting.ts'
import type { AdministrationParts } from './administration.ts'
import { commandLine, readableOf } from './launch.ts'
import { planOf } from './plan.ts'
import { mayGo, nothingRunsHere } from './remote/remote-plan.ts'

export type Summary = z.output<typeof serverSummary>

type ViewParts = Pick<
  AdministrationParts,
  'store' | 'supervisor' | 'catalog' | 'sandbox' | 'launch' | 'signInOf' | 'cellOf' | 'saysOf' | 'language'
>

/** How servers stand, what they may touch, and what would run: what a person is shown of them. Changes nothing. */
export class ServerView {
  /**
   * @param isInstalling whose package is being installed
   * @param refusalOf why it was not registered
   */
  constructor(
    private readonly parts: ViewParts,
    private readonly isInstalling: (name: ServerName) => boolean,
    private readonly refusalOf: (name: ServerName) => GatehouseError | undefined,
  ) {}

  list = (): Summary[] => this.parts.store.list().map((server) => this.summary(server))

  summary(server: ServerConfig): Summary {
    const hosted = this.parts.supervisor.hosted(server.name)
    const refusal = this.refusalOf(server.name)
    const problem =
      server.disabledReason ?? (refusal ? sentence(refusal, 'person', this.parts.language?.()) : hosted.problem)
    const signIn = this.parts.signInOf?.(server)
    const cell = this.parts.cellOf?.(server)
    return {
      name: server.name,
      workspace: server.workspace,
      state: this.isInstalling(server.name) ? 'installing' : hosted.state,
      sandbox: server.sandbox,
      command: commandLine(server),
      origin: server.origin.kind,
      trusted: server.trusted,
      ...this.parts.catalog.counts(server.name),
      ...(problem === undefined ? {} : { problem }),
      ...(signIn === undefined ? {} : { signIn }),
      ...(cell === undefined ? {} : { cell }),
    }
  }

  /** @throws server.unknown */
  async inspect(name: ServerName): Promise<ServerDetail> {
    const server = this.parts.store.need(name)
    const hosted = this.parts.supervisor.hosted(name)
    const sandbox = await this.parts.sandbox.status()
    return {
      ...this.summary(server),
      allowedPaths: [...server.allowedPaths],
      allowedHosts: [...server.allowedHosts],
      envNames: Object.keys(server.env).sort(),
      secretNames: [...server.secretNames],
      ...(server.origin.kind === 'bundled' ? { bundle: server.origin.bundle } : {}),
      shared: server.shared,
      ...(server.context ? { context: true } : {}),
      running: { ...(server.running as JsonObject | undefined) },
      ...this.#conditionOf(server.name),
      addedAt: server.addedAt,
      ...(server.origin.kind === 'remote' && server.origin.tls?.tls12 ? { tls12: true } : {}),
      mayTouch: [...this.#mayTouch(server)],
      confinement: confinementOf(server, hosted.confinement?.describe, sandbox.kind),
      limits: server.origin.kind === 'remote' ? '' : await this.parts.sandbox.limitsInWords(server),
      pids: hosted.pids,
      ...(hosted.startedAt === undefined ? {} : { startedAt: hosted.startedAt as EpochMs }),
      ...this.parts.saysOf?.(name),
      entries: [...this.parts.catalog.summary(name)],
    }
  }

  /** Says what would run. Starts nothing. */
  async planFor(server: ServerConfig): Promise<z.output<typeof serverPlan>> {
    const sandbox = await this.parts.sandbox.status()
    const problem = sandbox.available ? undefined : `${sandbox.problem ?? ''} ${sandbox.remedy ?? ''}`.trim()
    const twin = this.mistakenFor(server)
    const plan = planOf(server, this.#mayTouch(server), problem)
    if (twin === undefined) return plan
    const warning = `The package is called almost like “${twin.known}”, and is not it. Is this the one you mean?`
    return { ...plan, warnings: [warning, ...plan.warnings] }
  }

  /** Another package this one could be mistaken for. */
  mistakenFor({ origin }: ServerConfig): { readonly name: string; readonly known: string } | undefined {
    const name = packageName(origin)
    const own = this.parts.store.list().flatMap((server) => packageName(server.origin) ?? [])
    const known = name === undefined ? undefined : mistakenFor(name, own)
    return name === undefined || known === undefined ? undefined : { name, known }
  }

  #conditionOf(name: ServerName) {
    const { supervisor } = this.parts
    const usage = supervisor.upkeep.governor.usage(name)
    return {
      ...(usage === undefined ? {} : { usage }),
      breaker: supervisor.hosted(name).breaker.state,
      throttled: supervisor.upkeep.governor.isThrottled(name),
    }
  }

  #mayTouch(server: ServerConfig): readonly string[] {
    if (server.origin.kind === 'remote') return mayGo(server.origin)
    return this.parts.sandbox.mayTouch(server, readableOf(server, this.parts.launch))
  }
}

const packageName = (origin: ServerConfig['origin']): string | undefined =>
  origin.kind === 'package' ? /^(?:@[^/]+\/)?[^@=<>~![]+/.exec(origin.spec)?.[0] : undefined

function confinementOf(server: ServerConfig, described: string | undefined, sandboxKind: string): string {
  if (server.origin.kind === 'remote') return nothingRunsHere
  return described ?? (server.sandbox === 0 ? 'none' : sandboxKind)
}
