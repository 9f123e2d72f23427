import type { SessionId } from '../../../shared/domain/ids.ts'
import type { Provenance } from '../../../shared/domain/memory.ts'
import {
  type ContextChanges,
  contextLimits,
  type PastTask,
  type RecallWindow,
  type SessionContext,
  type WindowRule,
} from '../../../shared/domain/session-context.ts'
import { memoryContextLimit, memoryContextSecret } from '../../../shared/errors.ts'
import type { Graph } from '../graph.ts'
import { compressed } from './compressed.ts'
import { ContextStore } from './context-store.ts'
import { afterRecall } from './recall-window.ts'

/** Of a session nothing happened in for so long, nothing is kept. */
const keptMs = 7 * 24 * 3600 * 1000

/** What each session of this workspace is about, and what it recalled. */
export class ContextBook {
  readonly #store: ContextStore

  constructor(private readonly graph: Graph) {
    this.#store = new ContextStore(graph.db)
  }

  context = (session: SessionId): SessionContext | undefined => this.#store.get(session)

  /**
   * @param by whose session it is, and what it had read: its words may come from there
   * @throws memory.context-limit, memory.context-secret after a secret was read
   */
  setContext(session: SessionId, changes: ContextChanges, by: Provenance): SessionContext {
    if (by.labels.includes('secret')) throw memoryContextSecret()
    check(changes)
    const before = this.#store.get(session)
    const { goals = before?.goals ?? [], tags = before?.tags ?? [], turn = before?.turn ?? 0 } = changes
    const task = changes.task ?? before?.task ?? ''
    const now = this.graph.now()
    const context: SessionContext = {
      session,
      goals,
      ...(task === '' ? {} : { task }),
      tags,
      turn,
      history: historyAfter(before, goals, task),
      labels: [...new Set([...(before?.labels ?? []), ...by.labels])],
      setBy: by.clientName,
      updatedAt: now,
    }
    this.graph.db.transaction(() => {
      for (const old of this.#store.olderThan(now - keptMs)) this.#store.drop(old)
      this.#store.put({ context, client: by.client })
    })()
    return context
  }

  clearContext = (session: SessionId): void => this.graph.db.transaction(() => this.#store.drop(session))()

  /** An exchange of the session was learned from. */
  nextTurn(by: Provenance): void {
    if (by.session === undefined || by.labels.includes('secret')) return
    this.setContext(by.session, { turn: (this.#store.get(by.session)?.turn ?? 0) + 1 }, by)
  }

  /** Within the transaction that counts the recall. */
  recalled(session: SessionId, found: readonly { readonly id: number; readonly score: number }[], rule: WindowRule) {
    this.#store.hold(session, afterRecall(this.#store.window(session), found, rule, this.graph.now()))
  }

  /** @param charsAtMost of the compressed form */
  recallWindow(session: SessionId, charsAtMost: number): RecallWindow {
    const held = this.#store
      .window(session)
      .sort((a, b) => b.importance * b.uses - a.importance * a.uses || b.used - a.used)
      .flatMap(({ concept, uses, importance }) => {
        const row = this.graph.tables.concepts.get(concept) // what was forgotten since is not held
        return row ? [{ concept: this.graph.concept(row), uses, importance: Math.round(importance * 1000) / 1000 }] : []
      })
    const concepts = held.map(({ concept }) => concept)
    return { held, compressed: compressed(concepts, this.#store.get(session), charsAtMost) }
  }
}

function check({ goals = [], task = '', tags = [] }: ContextChanges): void {
  const most = contextLimits
  const fits =
    goals.length <= most.goals &&
    tags.length <= most.tags &&
    goals.every((goal) => goal.length <= most.goalChars) &&
    tags.every((tag) => tag.length <= most.tagChars) &&
    task.length <= most.taskChars
  if (!fits) throw memoryContextLimit()
}

/** What the session turns to something else from comes to its history. */
function historyAfter(before: SessionContext | undefined, goals: readonly string[], task: string): readonly PastTask[] {
  if (before === undefined) return []
  const same = (before.task ?? '') === task && JSON.stringify(before.goals) === JSON.stringify(goals)
  if (same || (before.task === undefined && before.goals.length === 0)) return before.history
  const past: PastTask = {
    turn: before.turn,
    at: before.updatedAt,
    goals: before.goals,
    ...(before.task === undefined ? {} : { task: before.task }),
  }
  return [...before.history, past].slice(-contextLimits.history)
}
