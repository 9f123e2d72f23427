import type { Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { GatehouseError, serverFailed } from '../../shared/errors.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Pass } from '../limits/breaker.ts'
import { Coalescing, mayCoalesce } from './coalescing.ts'
import type { HostedServer } from './hosted-server.ts'
import type { LiveServer } from './live-server.ts'
import { instanceFor, type OneCall, refuseLasting, withDiscarded } from './one-call.ts'
import { RemoteProblem, SessionForgotten } from './remote/remote-problem.ts'
import { mayRetry, pauseFor, type RetrySettings, retried } from './retry.ts'
import { ServerGone } from './start-server.ts'

export interface CarrierParts {
  readonly retry: RetrySettings
  /** The process for this call's session, started for it. */
  readonly started: (hosted: HostedServer, call: Equipped, instance?: OneCall) => Promise<LiveServer>
  /** The entry is still what the person accepted. @throws catalog.quarantined, catalog.unknown */
  readonly confirm: (entry: CatalogEntry) => void
  /** A call ended in a way that says whether the server works. */
  /** What a process of the server answered, and how long that took. */
  readonly onAnswered?: (call: Equipped, reply: Reply, tookMs: number) => void
  readonly onOutcome?: (server: ServerName, answered: boolean) => void
}

/**
 * Carries a judged call to a process of its server and its answer back: breaker around all of it, identical calls
 * together and repeatable calls again where the person asked for that. It throws what happened, unexplained.
 */
export class Carrier {
  readonly coalescing = new Coalescing()

  constructor(private readonly parts: CarrierParts) {}

  carry(hosted: HostedServer, call: Equipped): Promise<Reply> {
    if (mayCoalesce(call)) return this.coalescing.join(call, (shared) => this.#repeated(hosted, shared))
    return this.#repeated(hosted, call)
  }

  #repeated(hosted: HostedServer, call: Equipped): Promise<Reply> {
    if (!mayRetry(call)) return this.#attempt(hosted, call)
    return retried(
      () => this.#attempt(hosted, call),
      (error) => isTransient(error) && !call.signal.aborted && !call.deadline.aborted,
      (ms) => pauseFor(Math.max(ms, hosted.waitMs()), [call.signal, call.deadline]),
      this.parts.retry,
    )
  }

  async #attempt(hosted: HostedServer, call: Equipped): Promise<Reply> {
    const pass = hosted.breaker.pass()
    if (pass === undefined) throw resting(hosted)
    const startedMs = performance.now()
    try {
      const reply = await this.#exchanged(hosted, call)
      this.parts.onAnswered?.(call, reply, performance.now() - startedMs)
      this.#ended(hosted, pass, true)
      return reply
    } catch (error) {
      const said = error instanceof ServerGone || isTransient(error) || call.deadline.aborted
      if (said && !call.signal.aborted && !isTooSoon(error)) this.#ended(hosted, pass, false)
      else hosted.breaker.returned(pass)
      throw error
    }
  }

  async #exchanged(hosted: HostedServer, call: Equipped): Promise<Reply> {
    if (hosted.keepsNothing) return this.#byItself(hosted, call)
    if (hosted.pooled(call.peer)) return this.#byPool(hosted, call)
    try {
      return await this.#once(hosted, call)
    } catch (error) {
      if (error instanceof SessionForgotten) return this.#once(hosted, call)
      throw error
    }
  }

  async #once(hosted: HostedServer, call: Equipped): Promise<Reply> {
    const live = hosted.ready(call.session.id, call.peer) ?? (await this.parts.started(hosted, call))
    this.parts.confirm(call.entry)
    return live.exchange(call)
  }

  /** Level 4: a process for this call alone, gone with all it left before the answer leaves. */
  async #byItself(hosted: HostedServer, call: Equipped): Promise<Reply> {
    refuseLasting(call)
    const instance = instanceFor(call)
    let reply: Reply
    try {
      const live = await this.parts.started(hosted, call, instance)
      this.parts.confirm(call.entry)
      reply = await live.exchange(call)
    } catch (error) {
      await hosted.endCall(instance)
      throw error
    }
    return withDiscarded(reply, call.method, await hosted.endCall(instance))
  }

  async #byPool(hosted: HostedServer, call: Equipped): Promise<Reply> {
    const lease = await hosted.pool.acquire(call.session.id, [call.signal, call.deadline])
    const startedMs = performance.now()
    let answered: boolean | undefined
    try {
      this.parts.confirm(call.entry)
      const reply = await lease.live.exchange(call)
      answered = true
      return reply
    } catch (error) {
      if (error instanceof ServerGone || call.deadline.aborted) answered = false
      throw error
    } finally {
      lease.release(answered, performance.now() - startedMs)
    }
  }

  #ended(hosted: HostedServer, pass: Pass, answered: boolean): void {
    if (answered) hosted.breaker.succeeded(pass)
    else hosted.breaker.failed(pass)
    this.parts.onOutcome?.(hosted.name, answered)
  }
}

/** A process that ended or could not be started, a connection that broke: the same may work the next time. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ServerGone ||
  error instanceof RemoteProblem ||
  (error instanceof GatehouseError && error.code === 'server.failed')

/** It was not tried: it waits to be started again. */
const isTooSoon = (error: unknown): boolean =>
  error instanceof GatehouseError && error.code === 'server.failed' && error.cause === undefined

/** @returns the refusal of a call while the breaker is open */
export function resting({ name, breaker }: Pick<HostedServer, 'name' | 'breaker'>): GatehouseError {
  const seconds = Math.max(1, Math.ceil(breaker.waitMs() / 1000))
  return serverFailed(name, `its latest calls failed, so it is left alone. It is tried again in ${seconds} s.`)
}
