import type { ClientId, GrantId, SessionId } from '../../shared/domain/ids.ts'
import type { Budget } from '../../shared/domain/rule-conditions.ts'
import type { Grant } from './grant.ts'

/** A rule as it was when the person took it back. */
export interface RevokedRule {
  readonly grant: Grant
  readonly used: Required<Budget> | undefined
}

const kept = 20
const keptMs = 600_000

/** What the person took back lately and may want again; in memory only, so that nothing on disk can bring a rule back. */
export class RevokedRules {
  readonly #rules = new Map<GrantId, RevokedRule & { readonly atMs: number }>()

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  keep(rule: RevokedRule): void {
    this.#rules.set(rule.grant.id, { ...rule, atMs: this.nowMs() })
    const [oldest] = this.#rules.keys()
    if (this.#rules.size > kept && oldest !== undefined) this.#rules.delete(oldest)
  }

  /** @returns undefined when it was taken back more than ten minutes ago, or what it was bound to is gone */
  find(id: GrantId): RevokedRule | undefined {
    const rule = this.#rules.get(id)
    return rule && this.nowMs() - rule.atMs <= keptMs ? rule : undefined
  }

  drop = (id: GrantId): void => void this.#rules.delete(id)

  endSession(session: SessionId): void {
    this.#dropWhere(({ bound }) => bound?.sessionId === session)
  }

  endClient(client: ClientId, name: string): void {
    this.#dropWhere((grant) => (grant.bound ? grant.bound.clientId === client : grant.client === name))
  }

  #dropWhere(ends: (grant: Grant) => boolean): void {
    for (const [id, { grant }] of this.#rules) if (ends(grant)) this.#rules.delete(id)
  }
}
