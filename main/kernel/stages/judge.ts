import { policyDenied } from '../../../shared/errors.ts'
import type { Judged, Traced } from '../exchange.ts'
import type { PermissionsPort } from '../ports.ts'

/** Asks the rules; no rule means no. Pure: same call, same rules, same verdict. */
export function judge(traced: Traced, permissions: PermissionsPort): Judged {
  const verdict = permissions.evaluate(traced)
  const risk = verdict.effect === 'ask' ? { risk: verdict.risk } : {}
  traced.trail.note({ decision: verdict.effect, rule: verdict.rule, ...risk })
  if (verdict.effect === 'deny') throw policyDenied(traced.entry.name, verdict.rule)
  return { ...traced, verdict } as unknown as Judged
}
