import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalText, type Entry } from '../../main/audit/entry.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

const text = fc.string()
const commitment = fc.record(
  { commit: text, size: fc.nat(), sum: text, truncated: fc.constant(true as const) },
  { requiredKeys: ['commit', 'size', 'sum'] },
)
const part = fc.record({ commit: text, kept: fc.nat(), size: fc.nat() }, { requiredKeys: ['size'] })
const anEntry = fc.record(
  {
    action: text,
    approval: text,
    arguments: commitment,
    callId: text,
    client: text,
    clientId: text,
    code: text,
    contents: fc.record({ arguments: part, result: part, sum: text }, { requiredKeys: ['sum'] }),
    decision: text,
    door: text,
    durationMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
    faultAt: fc.nat(),
    intent: fc.nat(),
    labels: fc.array(text),
    pin: text,
    prev: text,
    reference: text,
    result: commitment,
    rule: text,
    seq: fc.nat(),
    server: text,
    session: text,
    severity: fc.constantFrom('info' as const, 'critical' as const),
    summary: text,
    time: fc.nat(),
    tool: text,
    version: fc.constant(1 as const),
    workspace: text,
  },
  { requiredKeys: ['action', 'severity', 'summary', 'seq', 'time', 'prev', 'version'] },
)

it('writes an entry as RFC 8785 does, whichever members it has', () => {
  fc.assert(
    fc.property(anEntry, (entry) => {
      expect(canonicalText(entry as Entry)).toBe(canonicalJson(entry as unknown as JsonObject))
    }),
  )
})
