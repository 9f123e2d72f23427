import { z } from 'zod'
import { auditCategories } from '../domain/audit-categories.ts'
import { call, event } from './define.ts'
import { epochMs, json } from './shapes.ts'

/** What kind of thing an entry tells of; derived from its action. */
export const auditCategory = z.enum(auditCategories)
const severity = z.enum(['info', 'notice', 'warning', 'critical'])

export const auditEntry = z.object({
  seq: z.number().int(),
  time: epochMs,
  action: z.string(),
  category: auditCategory,
  severity,
  decision: z.string().optional(),
  client: z.string().optional(),
  session: z.string().optional(),
  server: z.string().optional(),
  tool: z.string().optional(),
  /** The plain sentence: what happened. */
  summary: z.string(),
  durationMs: z.number().optional(),
  code: z.string().optional(),
  /** Its arguments and result were erased; the entry itself stands. */
  erased: z.literal(true).optional(),
})
export const verification = z.object({
  valid: z.boolean(),
  checked: z.number().int(),
  firstFault: z.object({ seq: z.number().int(), problem: z.string() }).optional(),
  /** Entries newer than the last anchor in the keychain. */
  notAnchored: z.number().int(),
  /** Entries whose contents were erased, as the log itself says. */
  tombstones: z.number().int().default(0),
  sentence: z.string(),
})
export const auditFilter = z.object({
  limit: z.number().int().min(1).max(1000).default(100),
  /** Only entries before this number: for paging. */
  before: z.number().int().optional(),
  client: z.string().optional(),
  server: z.string().optional(),
  decision: z.string().optional(),
  workspace: z.string().optional(),
  action: z.string().max(100).optional(),
  category: auditCategory.optional(),
  severity: severity.optional(),
  session: z.string().max(100).optional(),
  /** Wall time: from, and before. */
  since: epochMs.optional(),
  until: epochMs.optional(),
  text: z.string().max(200).optional(),
})
/** What the person looks for again and again: the fields of the window's form as they were filled in. */
export const savedFilter = z.object({
  name: z.string().trim().min(1).max(60),
  fields: z.partialRecord(
    z.enum(['client', 'server', 'decision', 'text', 'workspace', 'category', 'severity', 'since', 'until']),
    z.string().min(1).max(200),
  ),
})
export type SavedFilter = z.output<typeof savedFilter>
/** How many can be kept. */
export const savedFiltersKept = 50
/** So many older entries were not looked at: the full text is still being made. */
const missing = z.number().int().optional()
const facet = z.array(z.object({ value: z.string(), count: z.number().int() }))
export const auditFacets = z.object({
  facets: z.object({
    category: facet,
    severity: facet,
    decision: facet,
    client: facet,
    server: facet,
    action: facet,
  }),
  /** False: counted among the newest 10 000 that fit. */
  exact: z.boolean(),
  missing,
})
const retentionDays = z.object({
  days: z.number().int().min(1).max(36_500),
  piiDays: z.number().int().min(1).max(36_500),
})
/** The entry that the piece before ended with. */
const exportPlace = z.number().int().min(1)

export const audit = {
  /** `total` is counted up to 10 000; `more`: there are more. */
  list: call(
    auditFilter,
    z.object({ entries: z.array(auditEntry), total: z.number().int(), more: z.literal(true).optional(), missing }),
    { verb: 'status' },
  ),
  /** The entry of a call, which was made in this session at about this time. */
  ofCall: call(
    z.object({ call: z.string().max(100), session: z.string().max(100), at: epochMs }),
    z.object({ seq: z.number().int().optional() }),
    { verb: 'status' },
  ),
  /** How many entries there are of each kind. */
  facets: call(auditFilter, auditFacets, { verb: 'status' }),
  savedFilters: call(z.void(), z.object({ filters: z.array(savedFilter) }), { verb: 'status' }),
  /** In the place of one with the same name. @throws input.invalid when there are too many */
  saveFilter: call(savedFilter, z.void(), { verb: 'changes' }),
  forgetFilter: call(savedFilter.pick({ name: true }), z.void(), { verb: 'changes' }),
  /** Decrypts arguments and result; itself audited. */
  show: call(
    z.object({ seq: z.number().int() }),
    auditEntry.extend({ arguments: json.optional(), result: json.optional(), hash: z.string() }),
    {
      verb: 'contents',
    },
  ),
  /** All of it, or the entries of a part. */
  verify: call(
    z
      .object({
        from: z.number().int().min(1).optional(),
        to: z.number().int().min(1).optional(),
        /** Chosen by whoever asks, to follow it by `verifying` and to end it by `stopVerifying`. */
        watch: z.string().min(1).max(64).optional(),
      })
      .nullish()
      .transform((window) => window ?? {}),
    verification,
    { verb: 'status' },
  ),
  /** Ends a verification that is watched; it is then refused as `audit.stopped`. */
  stopVerifying: call(z.object({ watch: z.string() }), z.void(), { verb: 'status' }),
  /** How far a watched verification has come: each whole percent once. */
  verifying: event(z.object({ watch: z.string(), percent: z.number().int().min(0).max(100) })),
  /** What verifies the signature at the end of an exported log. */
  publicKey: call(z.void(), z.object({ pem: z.string(), fingerprint: z.string() }), { verb: 'status' }),
  /** How long contents are kept; entries themselves stay. */
  retention: call(z.void(), retentionDays.extend({ oldestContents: epochMs.optional() }), { verb: 'status' }),
  setRetention: call(retentionDays, z.object({ erased: z.number().int() }), { verb: 'changes', widens: true }),
  /** A piece of the log as text; ask again from its `next` until there is none. */
  export: call(
    z.object({ format: z.enum(['jsonl', 'csv', 'cef']), from: exportPlace.optional() }),
    z.object({ text: z.string(), next: exportPlace.optional() }),
    { verb: 'contents' },
  ),
  /** The log has grown: the number of its newest entry. Told in groups. */
  grown: event(z.object({ seq: z.number().int() })),
} as const
