import { z } from 'zod'
import { mostOperationsPerSecond } from '../domain/folder-rights.ts'
import { balances, prewarmTimes, quotaKinds } from '../domain/running.ts'
import { json, serverName } from './shapes.ts'

const seconds = (least: number, most: number) => z.number().int().min(least).max(most)

/** How a server is run; what is left out stays as it is, `null` goes back to the default. */
export const runningChange = z
  .object({
    prewarm: z.enum(prewarmTimes).nullable(),
    idleSeconds: seconds(1, 86_400).nullable(),
    healthSeconds: seconds(0, 3_600).nullable(),
    instances: z
      .object({ min: z.number().int().min(0).max(10), max: z.number().int().min(1).max(10) })
      .refine(({ min, max }) => min <= max, 'The least is more than the most.')
      .nullable(),
    callsEach: z.number().int().min(1).max(1_000).nullable(),
    balance: z.enum(balances).nullable(),
    weights: z.array(z.number().int().min(1).max(100)).max(10).nullable(),
    affinity: z.boolean().nullable(),
    lifetimeSeconds: seconds(10, 604_800).nullable(),
    coalesce: z.boolean().nullable(),
    retry: z.boolean().nullable(),
    fallback: z.array(serverName).max(5).nullable(),
    callsPerMinute: z.number().int().min(1).max(1_000_000).nullable(),
    operationsPerSecond: z.number().int().min(1).max(mostOperationsPerSecond).nullable(),
    adaptive: z.boolean().nullable(),
    quota: z.enum(quotaKinds).nullable(),
    memoryMb: z.number().int().min(32).max(1_048_576).nullable(),
    processes: z.number().int().min(4).max(10_000).nullable(),
    cores: z.number().min(0.1).max(256).nullable(),
    diskMb: z.number().int().min(1).max(16_777_216).nullable(),
  })
  .partial()

/** As it is kept. */
export const runningShown = z.record(z.string(), json)

export const usageSample = z.object({
  at: z.number(),
  /** Processor cores, averaged since the sample before. */
  cpu: z.number(),
  memoryBytes: z.number(),
  /** Bytes a second. */
  readBytes: z.number(),
  writtenBytes: z.number(),
  /** Bytes a second over its own network, both ways together; absent where it has none of its own. */
  networkBytes: z.number().optional(),
  processes: z.number().int(),
  threads: z.number().int(),
})
