import { z } from 'zod'
import { findingRules, findingSeverities } from '../domain/finding.ts'
import { entryName } from './shapes.ts'

/** Something the analysis found in what a server says of itself, or in its code. */
export const finding = z.object({
  /** Of which tool, prompt or resource; absent for code and the server as a whole. */
  entry: entryName.optional(),
  place: z.string(),
  rule: z.enum(findingRules),
  /** What stands there, everything invisible made visible. */
  detail: z.string(),
  severity: z.enum(findingSeverities),
  /** In the person's language. */
  reason: z.string(),
})
export type ToldFinding = z.output<typeof finding>
