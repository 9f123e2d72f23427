import { z } from 'zod'
import { keptReasons, personalStores, requestKinds, requestOutcomes } from '../domain/privacy.ts'
import { call, event } from './define.ts'
import { epochMs } from './shapes.ts'

const store = z.enum(personalStores)
const reason = z.enum(keptReasons)
/** Each word names the person by itself: a name, an e-mail address, a phone number, an id. */
const subject = z.array(z.string().trim().min(3).max(200)).min(1).max(20)
const asked = z.object({
  subject,
  /** What the request is called in the list; must not name the person. */
  called: z.string().trim().min(1).max(100),
  /** Chosen by whoever asks, to follow it by `progressed` and to end it by `cancel`. */
  watch: z.string().min(1).max(64).optional(),
})
const request = z.string().regex(/^pr_[0-9a-f]{16}$/)

export const foundItem = z.object({
  where: z.string(),
  at: epochMs.optional(),
  excerpt: z.string(),
  /** Why it would stay when the person's data is erased. */
  kept: reason.optional(),
})
export const storeHolding = z.object({
  store,
  count: z.number().int(),
  since: epochMs.optional(),
  until: epochMs.optional(),
  /** How many of them would stay. */
  kept: z.number().int(),
  /** The first two hundred. */
  items: z.array(foundItem),
})
const left = z.object({ where: z.string(), why: reason })
export const holding = z.object({
  stores: z.array(storeHolding),
  total: z.number().int(),
  /** Nobody can look into these. */
  unsearched: z.array(left),
  /** Earlier requests of the same person. */
  before: z.array(z.string()),
})
export type Holding = z.output<typeof holding>
export const erasure = z.object({
  request,
  erased: z.array(z.object({ store, count: z.number().int() })),
  /** What could not be erased, and why: the first two hundred. */
  kept: z.array(left.extend({ store: store.optional() })),
  /** All of it, by place and reason. */
  keptCounts: z.array(z.object({ store: store.optional(), why: reason, count: z.number().int() })),
  /** How many things were found when it was looked for again that should be gone. */
  left: z.number().int(),
  /** Whether the audit log's chain holds; absent when it could not be checked. */
  auditValid: z.boolean().optional(),
})
export type ErasureResult = z.output<typeof erasure>
export const privacyRequest = z.object({
  id: request,
  kind: z.enum(requestKinds),
  called: z.string(),
  madeAt: epochMs,
  endedAt: epochMs.optional(),
  outcome: z.enum(requestOutcomes).optional(),
  summary: z.object({
    found: z.number().int().optional(),
    erased: z.number().int().optional(),
    changed: z.number().int().optional(),
    kept: z.number().int().optional(),
  }),
})
export const complianceOfPrivacy = z.object({
  madeAt: epochMs,
  audit: z.object({
    entries: z.number().int(),
    erased: z.number().int(),
    /** Entries that still have contents in which personal data was found. */
    personal: z.number().int(),
    /** Those, by what the filters found in them. */
    kinds: z.record(z.string(), z.number().int()),
    oldestContents: epochMs.optional(),
  }),
  retention: z.object({ days: z.number().int(), piiDays: z.number().int() }),
  memory: z.array(z.object({ workspace: z.string(), concepts: z.number().int(), observations: z.number().int() })),
  requests: z.object({
    byKind: z.record(z.string(), z.number().int()),
    byOutcome: z.record(z.string(), z.number().int()),
    open: z.number().int(),
  }),
  encryption: z.object({
    cipher: z.string(),
    /** Where the key that wraps the others lies. */
    keptIn: z.string(),
    keys: z.number().int(),
    newestKeyAt: epochMs,
    /** Data kept in clear, said plainly. */
    clear: z.array(store),
  }),
  lastVerification: z.object({ at: epochMs, valid: z.boolean(), checked: z.number().int() }).optional(),
})
export type PrivacyReport = z.output<typeof complianceOfPrivacy>

export const privacy = {
  /** Looks in every place; keeps no request. @throws privacy.cancelled */
  find: call(asked.omit({ called: true }), holding, { verb: 'contents' }),
  /** What is held of the person, as a request that is kept. @throws privacy.cancelled */
  access: call(asked, holding.extend({ request }), { verb: 'contents' }),
  /** The same to be handed over: ask for its document by the request. @throws privacy.cancelled */
  export: call(asked, holding.extend({ request }), { verb: 'contents' }),
  /** A piece of the JSON document of a request for access or export made in the last 30 minutes. */
  document: call(
    z.object({ request, from: z.number().int().min(0).default(0) }),
    z.object({ text: z.string(), next: z.number().int().optional() }),
    { verb: 'contents' },
  ),
  /** Replaces a wrong text by the right one in what is known of the person. */
  rectify: call(
    asked.omit({ watch: true }).extend({ wrong: z.string().min(1).max(1000), right: z.string().max(1000) }),
    z.object({ request, changed: z.array(z.string()) }),
    { verb: 'changes', widens: true },
  ),
  /** In every place, for good. @throws privacy.cancelled before anything is erased, privacy.running */
  erase: call(asked, erasure, { verb: 'changes', widens: true }),
  /** Ends a search that is watched. */
  cancel: call(z.object({ watch: z.string() }), z.void(), { verb: 'status' }),
  requests: call(z.void(), z.object({ requests: z.array(privacyRequest) }), { verb: 'status' }),
  report: call(z.void(), complianceOfPrivacy, { verb: 'status' }),
  /** How far a watched search has come in a place. */
  progressed: event(z.object({ watch: z.string(), store, percent: z.number().int().min(0).max(100) })),
} as const
