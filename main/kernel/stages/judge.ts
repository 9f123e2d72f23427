import { keyScope, policyDenied } from '../../../shared/errors.ts'
import type { Judged, Traced } from '../exchange.ts'
import type { ClientsPort, PermissionsPort } from '../ports.ts'

/**
 * Asks the rules; no rule means no. Pure: same call, same rules, same verdict. What the rules allow the client, its API key
 * may still be confined from.
 */
export function judge(traced: Traced, permissions: PermissionsPort, clients: ClientsPort): Judged {
  const { session, server, entry } = traced
  const verdict = permissions.evaluate(traced)
  const risk = verdict.effect === 'ask' ? { risk: verdict.risk } : {}
  traced.trail.note({ decision: verdict.effect, rule: verdict.rule, ...risk })
  if (verdict.effect === 'deny') throw policyDenied(entry.name, verdict.rule)
  const scopes = clients.beyondKey(session, { server: server.name, entry, action: verdict.action })
  if (scopes !== undefined) {
    traced.trail.note({ decision: 'deny', rule: `API key for ${scopes}` })
    throw keyScope(entry.name, scopes)
  }
  traced.trail.lap('judge')
  return { ...traced, verdict } as unknown as Judged
}
