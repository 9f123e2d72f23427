import { z } from 'zod'
import { balances, prewarmTimes, quotaKinds } from '../domain/running.ts'
import { json, serverName } from './shapes.ts'

const seconds = (least: number, most: number) => z.number().int().min(least).max(most)

/** How a server is run; what is left out stays as it is, `null` goes back to the default. */
export const runningChange = z
  .object({
    prewarm: z.enum(prewarmTimes),
    idleSeconds: seconds(1, 86_400),
    healthSeconds: seconds(0, 3_600),
    instances: z
      .object({ min: z.number().int().min(0).max(10), max: z.number().int().min(1).max(10) })
      .refine(({ min, max }) => min <= max, 'The least is more than the most.'),
    callsEach: z.number().int().min(1).max(1_000),
    balance: z.enum(balances),
    weights: z.array(z.number().int().min(1).max(100)).max(10),
    affinity: z.boolean(),
    lifetimeSeconds: seconds(10, 604_800),
    coalesce: z.boolean(),
    retry: z.boolean(),
    fallback: z.array(serverName).max(5),
    callsPerMinute: z.number().int().min(1).max(1_000_000),
    adaptive: z.boolean(),
    quota: z.enum(quotaKinds),
    memoryMb: z.number().int().min(32).max(1_048_576),
    processes: z.number().int().min(4).max(10_000),
    cores: z.number().min(0.1).max(256),
    diskMb: z.number().int().min(1).max(16_777_216),
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
