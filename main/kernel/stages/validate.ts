import { argumentsInvalid, argumentsUnsafe } from '../../../shared/errors.ts'
import type { Resolved, Validated } from '../exchange.ts'
import type { CatalogPort } from '../ports.ts'
import { frozenArguments } from './frozen-arguments.ts'
import { frozenExtra } from './frozen-extra.ts'

/** Limits every argument value, and every answer to a server's question, must keep, then the entry's own schema. The result is deeply frozen. */
export function validate(resolved: Resolved, catalog: CatalogPort): Validated {
  const safe = frozenArguments(resolved.arguments ?? {})
  if ('problem' in safe) throw argumentsUnsafe(resolved.entry.name, safe.problem)
  const extra = frozenExtra(resolved.extra)
  if ('problem' in extra) throw argumentsUnsafe(resolved.entry.name, extra.problem)
  const meta = frozenArguments(resolved.meta ?? {})
  if ('problem' in meta) throw argumentsUnsafe(resolved.entry.name, meta.problem)
  const problem = catalog.check(resolved.entry, safe.value)
  if (problem !== undefined) throw argumentsInvalid(resolved.entry.name, problem)
  resolved.trail.lap('look-up')
  return {
    ...resolved,
    arguments: safe.value,
    ...(extra.value && { extra: extra.value }),
    ...(resolved.meta && { meta: meta.value }),
  } as unknown as Validated
}
