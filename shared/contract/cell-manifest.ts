import { z } from 'zod'

const name = z.string().min(1).max(200)
const names = z.array(name).max(10_000)
const amount = z.number().nonnegative()

/**
 * What a cell is and asks for, as its author signs it or Gatehouse writes it for a plain command.
 * @see spec, platform A
 */
export const cellManifest = z.strictObject({
  identity: z.strictObject({
    name: z.string().min(1).max(100),
    /** SHA-256 over the manifest's RFC 8785 text without this member and the signature, hex. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    version: z.string().max(100),
    author: z.string().max(200),
  }),
  description: z.string().max(4000),
  capabilities: z.strictObject({ tools: names, resources: names, prompts: names }),
  contracts: z.strictObject({
    /** JSON Schema by tool, or `{ "sha256": … }` of it. */
    inputs: z.record(z.string(), z.json()),
    outputs: z.record(z.string(), z.json()),
    /** Tools that may change something. */
    sideEffects: names,
  }),
  security: z.strictObject({
    permissions: z
      .array(
        z.strictObject({
          resource: z.string().min(1).max(4096),
          actions: z.array(z.string().min(1).max(50)).max(20),
          conditions: z.record(z.string(), z.json()).optional(),
        }),
      )
      .max(200),
    resourceLimits: z.strictObject({
      /** Bytes. */
      memory: amount,
      /** Cores. */
      cpu: amount,
      /** Bytes. */
      storage: amount,
      /** Bytes a second. */
      networkBandwidth: amount,
      /** Milliseconds. */
      executionTime: amount,
    }),
    networkAccess: z.strictObject({ allowed: z.boolean(), domains: z.array(z.string().min(1).max(260)).max(200) }),
    sandboxLevel: z.number().int().min(0).max(4),
  }),
  behavior: z.strictObject({
    deterministic: z.boolean(),
    idempotent: z.boolean(),
    /** Milliseconds. */
    timeout: amount,
    retryPolicy: z.strictObject({ maxRetries: z.number().int().min(0).max(20), backoff: amount }),
  }),
  code: z.strictObject({
    /** Relative to the cell's folder. */
    entryPoint: z.string().min(1).max(1000),
    dependencies: z.record(z.string(), z.string()),
    /** Of the cell's files, as `checksumOf` reckons it. Empty where there are none. */
    checksum: z.string().regex(/^([0-9a-f]{64})?$/),
    runtime: z.strictObject({ type: z.string().min(1).max(50), version: z.string().max(50) }),
  }),
  signature: z
    .strictObject({
      algorithm: z.literal('Ed25519'),
      keyId: z.string().regex(/^[0-9a-f]{32}$/),
      /** SPKI DER, base64. */
      publicKey: z.string().max(200),
      /** Over the manifest's RFC 8785 text without the signature, base64. */
      value: z.string().max(200),
    })
    .optional(),
})
export type CellManifest = z.output<typeof cellManifest>
