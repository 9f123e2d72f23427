import { policyDenied } from '../../../shared/errors.ts'
import type { Judged, Resumed } from '../exchange.ts'
import type { PermissionsPort } from '../ports.ts'

/** Asks the rules; no rule means no. Pure: same call, same rules, same verdict. */
export function judge(resumed: Resumed, permissions: PermissionsPort): Judged {
  const verdict = permissions.evaluate(resumed)
  resumed.trail.note({ decision: verdict.effect, rule: verdict.rule })
  if (verdict.effect === 'deny') throw policyDenied(resumed.entry.name, verdict.rule)
  return { ...resumed, verdict } as unknown as Judged
}
