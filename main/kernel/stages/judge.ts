import { policyDenied } from '../../../shared/errors.ts'
import type { Filtered, Judged } from '../exchange.ts'
import type { PermissionsPort } from '../ports.ts'

/** Asks the rules; no rule means no. Pure: same call, same rules, same verdict. */
export function judge(filtered: Filtered, permissions: PermissionsPort): Judged {
  const verdict = permissions.evaluate(filtered)
  filtered.trail.note({ decision: verdict.effect, rule: verdict.rule })
  if (verdict.effect === 'deny') throw policyDenied(filtered.entry.name, verdict.rule)
  return { ...filtered, verdict } as unknown as Judged
}
