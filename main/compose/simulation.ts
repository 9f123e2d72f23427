import type { z } from 'zod'
import type { ruleChange, simulation as shape } from '../../shared/contract/rules.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName, EpochMs } from '../../shared/domain/ids.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { ruleWords } from '../../shared/messages/rule-words.ts'
import type { Known } from '../permissions/conflicts.ts'
import type { Rules } from '../permissions/rules.ts'
import { type RecordedCall, type RuleChange, simulate } from '../permissions/simulate.ts'
import type { Areas } from './areas.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

type Wanted = z.output<typeof ruleChange>
export type Simulate = (change: Wanted, days: number, by: string) => Promise<z.input<typeof shape>>

const dayMs = 24 * 60 * 60 * 1000
/** Enough to tell what a rule does, and read in about a second. */
const mostCalls = 2000

/** Judges recorded calls by rules that were not made yet: their arguments are read here, and never leave. */
export function simulation(parts: { base: Foundation; areas: Areas; rules: Rules }): Simulate {
  const { base, areas, rules } = parts
  return async (wanted, days, by) => {
    const change = changeOf(wanted, rules)
    const recorded = await base.audit.recordedCalls(Date.now() - days * dayMs, mostCalls, by)
    const calls = recorded.flatMap(({ at, client, tool, arguments: args }): RecordedCall[] => {
      const facts = present(() => rules.factsOf(client, tool as EntryName, args as JsonObject))
      return facts === undefined ? [] : [{ at: at as EpochMs, facts }]
    })
    const { examples, changed, calls: count } = simulate(areas.permissions, change, calls, areas.folders)
    const say = ruleWords(base.settings.current.language)
    const said = { calls: String(count), days: String(days) }
    const [allow, ask, deny] = [String(changed.allow), String(changed.ask), String(changed.deny)]
    return {
      calls: count,
      skipped: recorded.length - count,
      days,
      changed,
      examples: [...examples],
      sentence: say('simulation', { ...said, allow, ask, deny }),
    }
  }
}

function changeOf(wanted: Wanted, rules: Rules): RuleChange {
  return wanted.kind === 'add' ? { kind: 'add', draft: rules.newRule(wanted.effect, wanted.draft) } : wanted
}

/** A call whose app or tool is gone cannot be judged. */
function present(facts: () => CallFacts): CallFacts | undefined {
  try {
    return facts()
  } catch (error) {
    if (error instanceof GatehouseError) return undefined
    throw error
  }
}

/** What there is for rules to be about. */
export function knownToRules({ catalog, servers }: Hosting, { clients }: Areas): Known {
  const all = servers.list()
  const paired = clients.list()
  return {
    clients: [...paired.filter(({ state }) => state !== 'revoked').map(({ name }) => name), 'cli', 'window'],
    entries: catalog.entries(),
    workspaces: [...new Set([defaultWorkspace, ...[...all, ...paired].map(({ workspace }) => workspace)])],
    folders: all.flatMap(({ allowedPaths }) => allowedPaths.map(({ path }) => path)),
  }
}
