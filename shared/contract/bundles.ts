import { z } from 'zod'
import { call } from './define.ts'
import { serverDetail, serverDraft, serverPlan } from './servers.ts'

/** A server from an MCP bundle (`.mcpb`) on this computer. */
export const bundleDraft = serverDraft.omit({ command: true, args: true, secretNames: true }).extend({
  /** Absolute. */
  file: z.string().min(1).max(4096),
  /** What the person entered for the bundle's own settings, by their names; not the sensitive ones. */
  config: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
})
export type BundleDraft = z.output<typeof bundleDraft>

export const bundleSetting = z.object({
  key: z.string(),
  type: z.enum(['string', 'number', 'boolean', 'directory', 'file']),
  title: z.string(),
  description: z.string(),
  required: z.boolean(),
  multiple: z.boolean(),
  /** Kept in the keychain; never entered as plain text. */
  sensitive: z.boolean(),
  default: z.union([z.string(), z.array(z.string())]).optional(),
})

const certificate = z.object({
  /** Common name and organization of the signer's certificate, and of what vouches for it; as they say themselves. */
  publisher: z.string(),
  issuer: z.string(),
  /** SHA-256 of the certificate, hex. */
  fingerprint: z.string(),
  /** ISO 8601. */
  validTo: z.string(),
})

/** Whose signature a bundle bears. One whose signature does not hold is not opened at all. */
export const bundleSignature = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unsigned') }),
  /** A root certificate of this computer vouches for the signer, for signing code. */
  certificate.extend({ state: z.literal('signed') }),
  /** Nobody but itself vouches for it: whoever made the bundle may have written any name there. */
  certificate.extend({ state: z.literal('self-signed') }),
  certificate.extend({ state: z.literal('unvouched'), why: z.enum(['issuer', 'expired', 'purpose']) }),
])
export type BundleSignature = z.output<typeof bundleSignature>

/** Whose signature the manifest for cells inside a bundle bears, where it bears one; the registration goes by it. */
export const bundleCell = z.object({
  state: z.enum(['trusted', 'unknown-key', 'wrong', 'malformed']),
  /** The name the person gave the key, or its id; may be empty. */
  key: z.string(),
})
export type BundleCell = z.output<typeof bundleCell>

export const bundlePlan = z.object({
  plan: serverPlan,
  bundle: z.object({
    name: z.string(),
    version: z.string(),
    author: z.string(),
    description: z.string(),
    /** Of the file, hex. */
    sha256: z.string(),
    files: z.number().int(),
    bytes: z.number().int(),
    signature: bundleSignature,
    cell: bundleCell.optional(),
  }),
  settings: z.array(bundleSetting),
  /** Settings that have no value yet. */
  missing: z.array(z.string()),
  /** Environment names whose values go to the keychain. */
  secretNames: z.array(z.string()),
})

export const bundles = {
  /** Looks into the file and says what would run. Unpacks nothing, starts nothing. */
  plan: call(bundleDraft, bundlePlan, { verb: 'status' }),
  add: call(
    bundleDraft.extend({
      /** Of the file that was shown. */
      sha256: z.string(),
      /** Values of sensitive settings, by the setting's name. */
      secrets: z.record(z.string(), z.string().max(65_536)).default({}),
      acceptPins: z.boolean().default(false),
      acceptFindings: z.boolean().optional(),
    }),
    serverDetail,
    { verb: 'changes', widens: true },
  ),
} as const
