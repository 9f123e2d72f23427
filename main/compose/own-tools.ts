import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Permissions } from '../permissions/permissions.ts'
import type { OwnTools } from '../supervisor/hosts/own-host.ts'
import type { FactsOf } from './facts.ts'

export interface OwnToolParts {
  readonly catalog: () => Catalog
  readonly permissions: () => Permissions
  readonly factsOf: FactsOf
}

const says: Record<Effect, string> = {
  allow: 'may be used without asking the user',
  ask: 'asks the user first',
  deny: 'is not allowed by the user’s rules',
}

/** `gatehouse__capabilities` and `gatehouse__explain_refusal`; `await_approval` never gets here, the kernel unwraps it. */
export function ownTools(parts: OwnToolParts): OwnTools {
  const effectOf = (call: Equipped, tool: EntryName, args: JsonObject) => {
    const facts: CallFacts = parts.factsOf(call.client, call.session, tool, args)
    return parts.permissions().evaluate(facts)
  }
  return {
    capabilities: async (call) => {
      const only = call.arguments.server
      const entries = parts
        .catalog()
        .entries()
        .filter(({ kind, quarantine, server }) => kind === 'tool' && !quarantine && server !== 'gatehouse')
        .filter(({ server }) => typeof only !== 'string' || server === only)
      const lines = entries.flatMap(({ name, title }) => {
        const effect = attempt(() => effectOf(call, name, {}).effect)
        return effect ? [`${name} (${title}): ${says[effect]}`] : []
      })
      return { text: lines.length > 0 ? lines.join('\n') : 'No tools can be used at the moment.' }
    },
    explain_refusal: async (call) => {
      const { tool, arguments: args } = call.arguments
      const verdict = effectOf(call, tool as EntryName, (args ?? {}) as JsonObject)
      const reasons = verdict.reasons.length > 0 ? ` ${verdict.reasons.join(' ')}` : ''
      return { text: `${String(tool)} ${says[verdict.effect]} (rule: ${verdict.rule}).${reasons}` }
    },
  }
}

/** A tool of another workspace or of a server that is off is left out. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
