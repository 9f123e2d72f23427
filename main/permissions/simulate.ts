import type { CallFacts } from '../../shared/domain/call.ts'
import { type EpochMs, type GrantId, newId } from '../../shared/domain/ids.ts'
import type { Preset } from '../../shared/domain/preset.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import type { Folders } from './allowances.ts'
import type { Grant, NewGrant } from './grant.ts'
import type { GrantRepository } from './grant-store.ts'
import { Permissions } from './permissions.ts'

/** A change of the rules that was not made yet. */
export type RuleChange =
  | { readonly kind: 'add'; readonly draft: NewGrant }
  | { readonly kind: 'revoke'; readonly id: GrantId }
  | { readonly kind: 'preset'; readonly preset: Preset }

/** A recorded call, as it would be judged today. */
export interface RecordedCall {
  readonly at: EpochMs
  readonly facts: CallFacts
}

export interface SimulatedChange {
  readonly at: EpochMs
  readonly client: string
  readonly tool: string
  readonly before: Effect
  readonly after: Effect
}

export interface Simulation {
  readonly calls: number
  /** Calls judged otherwise, by what would become of them. */
  readonly changed: Readonly<Record<Effect, number>>
  /** The latest of each, newest first. */
  readonly examples: readonly SimulatedChange[]
}

const examplesEach = 5

/**
 * Judges recorded calls by the rules as they are and as they would be, each at its own time of day. Nothing is saved,
 * nothing is called, and no budget is used.
 */
export function simulate(
  present: Permissions,
  change: RuleChange,
  calls: readonly RecordedCall[],
  folders: Folders,
): Simulation {
  const now = Date.now() as EpochMs
  const rules = present.grants().map(({ grant }) => grant)
  const judge = (name: string, grants: readonly Grant[], preset: Preset) => {
    let at = now
    const judging = new Permissions({
      store: inMemory(grants, preset),
      folders,
      instance: `simulation-${name}`,
      timeOfDayAt: () => at,
    })
    return (call: RecordedCall): Effect => {
      at = call.at
      return judging.evaluate(call.facts).effect
    }
  }
  const before = judge('before', rules, present.preset)
  const after = judge('after', changed(rules, change, now), change.kind === 'preset' ? change.preset : present.preset)
  const differing = calls.flatMap((call): SimulatedChange[] => {
    const [was, would] = [before(call), after(call)]
    const { client, entry } = call.facts
    return was === would ? [] : [{ at: call.at, client: client.name, tool: entry.name, before: was, after: would }]
  })
  const of = (effect: Effect) => differing.filter((one) => one.after === effect)
  return {
    calls: calls.length,
    changed: { allow: of('allow').length, ask: of('ask').length, deny: of('deny').length },
    examples: (['allow', 'ask', 'deny'] as const).flatMap((effect) =>
      of(effect)
        .toSorted((a, b) => b.at - a.at)
        .slice(0, examplesEach),
    ),
  }
}

function changed(rules: readonly Grant[], change: RuleChange, now: EpochMs): readonly Grant[] {
  if (change.kind === 'revoke') return rules.filter(({ id }) => id !== change.id)
  if (change.kind === 'preset') return rules
  const seq = 1 + Math.max(0, ...rules.map((rule) => rule.seq))
  return [...rules, { ...change.draft, id: newId('grant'), seq, createdAt: now }]
}

/** Rules that nothing can be done to; what has a budget counts as unused. */
function inMemory(grants: readonly Grant[], preset: Preset): GrantRepository {
  const refuse = () => {
    throw new Error('a simulation changes nothing')
  }
  return {
    all: () => ({ grants, forged: [], tampered: false, preset }),
    add: refuse,
    remove: refuse,
    putBack: refuse,
    removeSession: refuse,
    setPreset: refuse,
    ownRoles: () => [],
    setOwnRoles: refuse,
    used: () => ({ calls: 0, bytes: 0 }),
    spend: refuse,
    wallClockMark: () => undefined,
    keepWallClockMark: () => {},
  }
}
