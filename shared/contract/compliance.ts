import { z } from 'zod'
import { call, event } from './define.ts'
import { epochMs, serverName } from './shapes.ts'

export const complianceSections = [
  'initialization',
  'messages',
  'errors',
  'negotiation',
  'tools',
  'resources',
  'prompts',
] as const

export const complianceCheck = z.object({
  id: z.string(),
  section: z.enum(complianceSections),
  title: z.string(),
  /** `skip`: the server does not offer what it is about. */
  outcome: z.enum(['pass', 'partly', 'fail', 'skip']),
  /** What it does instead. */
  problem: z.string().optional(),
  advice: z.string().optional(),
})
export const complianceReport = z.object({
  server: serverName,
  /** 0–100. */
  score: z.number().int(),
  grade: z.enum(['A', 'B', 'C', 'D', 'F']),
  /** The revisions it speaks, as far as it said. */
  protocols: z.array(z.string()),
  checkedAt: epochMs,
  durationMs: z.number(),
  sections: z.array(z.object({ section: z.enum(complianceSections), score: z.number().int().optional() })),
  checks: z.array(complianceCheck),
  /** What to do, the most important first. */
  recommendations: z.array(z.string()),
})
export type ComplianceReport = z.output<typeof complianceReport>
export type ComplianceSection = (typeof complianceSections)[number]

const shortGrade = complianceReport.pick({ server: true, score: true, grade: true, checkedAt: true })
export const compliance = {
  /** Starts the server once more, in its sandbox, and looks how well it speaks MCP. None of its tools is called. */
  check: call(z.object({ name: serverName }), complianceReport, { verb: 'changes' }),
  /** The latest report of a server. */
  latest: call(z.object({ name: serverName }), z.object({ report: complianceReport.optional() }), { verb: 'contents' }),
  grades: call(z.void(), z.object({ grades: z.array(shortGrade) }), { verb: 'status' }),
  graded: event(shortGrade),
} as const
