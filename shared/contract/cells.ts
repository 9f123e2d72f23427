import { z } from 'zod'
import { cellStatuses, registrationSteps, stepOutcomes } from '../domain/cell.ts'
import { cellManifest } from './cell-manifest.ts'
import { call } from './define.ts'
import { finding } from './findings.ts'
import { anyServerName, epochMs } from './shapes.ts'

export const cellState = z.object({
  status: z.enum(cellStatuses),
  /** Why it is not used. */
  reason: z.string().optional(),
  /** A newer version of its package, when one is known. */
  update: z.string().optional(),
})

export const stepReport = z.object({
  step: z.enum(registrationSteps),
  outcome: z.enum(stepOutcomes),
  /** In the person's language. */
  reason: z.string(),
})

export const cellShown = z.object({
  server: z.string(),
  status: z.enum(cellStatuses),
  reason: z.string().optional(),
  /** Of its manifest. */
  hash: z.string(),
  version: z.string(),
  author: z.string(),
  /** The trusted key that signed it. */
  signedBy: z.string().optional(),
  report: z.array(stepReport),
  /** What was found in its code. */
  findings: z.array(finding),
  code: z.object({ checksum: z.string(), files: z.number().int(), covered: z.enum(['all', 'part', 'none']) }),
  fingerprint: z
    .object({ cpuSeconds: z.number(), memoryBytes: z.number(), listMs: z.number(), listBytes: z.number() })
    .optional(),
  token: z.string().optional(),
  registeredAt: epochMs,
  verifiedAt: epochMs,
  update: z.object({ installed: z.string(), latest: z.string(), checkedAt: epochMs }).optional(),
  /** What it may do now that it could not before it was last registered, and the reverse. */
  changed: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }).optional(),
})
export type CellShown = z.output<typeof cellShown>

export const cellReview = z.object({
  files: z.object({ changed: z.array(z.string()), added: z.array(z.string()), removed: z.array(z.string()) }),
  permissions: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  findings: z.array(finding),
  /** Of the code that is shown; what is used again is exactly that. */
  checksum: z.string(),
})

/** A newer version, fetched and looked into; nothing of it ran. */
export const cellUpdate = cellReview.extend({
  installed: z.string(),
  latest: z.string(),
  /** The steps that start nothing. */
  report: z.array(stepReport),
  /** Of the whole tree of packages, with their versions. */
  packages: z.object({ added: z.array(z.string()), changed: z.array(z.string()), removed: z.array(z.string()) }),
  /** Commands its packages want to run while they are installed; they are asked about apart. */
  scripts: z.array(z.string()),
})
export type CellUpdate = z.output<typeof cellUpdate>

const trustRoot = z.object({ keyId: z.string(), name: z.string(), publicKey: z.string(), addedAt: epochMs })
const named = z.object({ name: anyServerName })

export const cells = {
  list: call(z.void(), z.object({ cells: z.array(cellShown) }), { verb: 'status' }),
  show: call(named, z.object({ cell: cellShown, manifest: cellManifest }), { verb: 'status' }),
  /** Looks at its files now; what changed suspends it. */
  verify: call(named, cellShown, { verb: 'status' }),
  /** What changed since it was registered. Changes nothing, starts nothing. */
  review: call(named, cellReview, { verb: 'status' }),
  /** Registers it again as it was shown, and uses it. */
  reinstate: call(z.object({ name: anyServerName, checksum: z.string() }), cellShown, {
    verb: 'changes',
    widens: true,
  }),
  suspend: call(z.object({ name: anyServerName, reason: z.string().max(500).default('') }), cellShown, {
    verb: 'changes',
  }),
  /** For good: this manifest and this code are never used again. */
  revoke: call(z.object({ name: anyServerName, reason: z.string().max(500).default('') }), cellShown, {
    verb: 'changes',
  }),
  /** Asks the registry for newer versions; installs nothing. */
  checkUpdates: call(
    z.object({ name: anyServerName.optional() }),
    z.object({
      updates: z.array(z.object({ server: z.string(), installed: z.string(), latest: z.string() })),
      failed: z.array(z.object({ server: z.string(), problem: z.string() })),
    }),
    { verb: 'changes' },
  ),
  /** Fetches the newest version beside the installed one and looks into it. Starts nothing, replaces nothing. */
  fetchUpdate: call(named, cellUpdate, { verb: 'changes' }),
  /** Uses what was fetched, as it was shown; where it does not start or is not registered, the former version is back. */
  takeUpdate: call(
    z.object({ name: anyServerName, checksum: z.string(), acceptFindings: z.boolean().default(false) }),
    z.object({
      cell: cellShown,
      /** What it offers anew or in other words, which is held back until it is reviewed. */
      quarantined: z.number().int(),
    }),
    { verb: 'changes', widens: true },
  ),
  trusted: call(z.void(), z.object({ keys: z.array(trustRoot) }), { verb: 'status' }),
  /** @param publicKey PEM */
  trust: call(z.object({ name: z.string().min(1).max(100), publicKey: z.string().max(2000) }), trustRoot, {
    verb: 'changes',
    widens: true,
  }),
  untrust: call(z.object({ name: z.string().min(1).max(100) }), trustRoot, { verb: 'changes' }),
} as const
