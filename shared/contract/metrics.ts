import { z } from 'zod'
import { callOutcomes, callSteps, rangeNames } from '../domain/metrics.ts'
import { call } from './define.ts'
import { epochMs } from './shapes.ts'

const name = z.string().min(1).max(200)
const range = z.enum(rangeNames)
const seconds = z.number().nonnegative()
const figure = z.number().nonnegative().optional()

const callPoint = z.object({
  at: epochMs,
  calls: z.number(),
  /** Reached their server, which failed. */
  errors: z.number(),
  refused: z.number(),
  waiting: z.number(),
  /** Seconds, of calls that were answered, without what the person took; absent where there were none. */
  p50: figure,
  p95: figure,
  p99: figure,
})
export type CallPoint = z.output<typeof callPoint>

const resourcePoint = z.object({
  at: epochMs,
  /** Processor cores; absent where nothing ran. */
  cpu: figure,
  memoryBytes: figure,
})
export type ResourcePoint = z.output<typeof resourcePoint>

const json = z.object({
  name: z.string(),
  help: z.string(),
  type: z.enum(['counter', 'gauge', 'histogram']),
  samples: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      value: z.number().optional(),
      count: z.number().optional(),
      sum: z.number().optional(),
      buckets: z.array(z.object({ le: z.number(), count: z.number() })).optional(),
    }),
  ),
})

export const metrics = {
  /** Calls over time, every point of the range, oldest first. */
  calls: call(
    z.object({ range, server: name.optional(), client: name.optional() }),
    z.object({
      stepSeconds: z.number().int(),
      points: z.array(callPoint),
      /** Of the whole range. */
      total: callPoint.omit({ at: true }),
      /** Where the time of the calls went, by server; of every client. */
      steps: z.array(z.object({ step: z.enum(callSteps), seconds })),
    }),
    { verb: 'status' },
  ),
  /** What the processes of one server or of all used, or the app itself. */
  resources: call(
    z.object({
      range,
      of: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('servers'), server: name.optional() }),
        z.object({ kind: z.literal('app') }),
      ]),
    }),
    z.object({ stepSeconds: z.number().int(), points: z.array(resourcePoint) }),
    { verb: 'status' },
  ),
  /** The tools that were called most. */
  tools: call(
    z.object({ range }),
    z.object({
      tools: z.array(
        z.object({
          name: z.string(),
          calls: z.number(),
          errors: z.number(),
          refused: z.number(),
          p50: figure,
          p95: figure,
        }),
      ),
    }),
    { verb: 'status' },
  ),
  /** Servers and clients there are figures of. */
  names: call(z.void(), z.object({ servers: z.array(z.string()), clients: z.array(z.string()) }), { verb: 'status' }),
  /** Every figure as it is now. */
  now: call(z.void(), z.object({ metrics: z.array(json), prometheus: z.string() }), { verb: 'status' }),
} as const

export const trace = z.object({
  callId: z.string(),
  at: epochMs,
  door: z.string(),
  method: z.string(),
  entry: z.string(),
  server: z.string().optional(),
  client: z.string().optional(),
  outcome: z.enum(callOutcomes),
  code: z.string().optional(),
  totalMs: z.number(),
  /** Without what the person took. */
  ownMs: z.number(),
  /** In order; the last one is where it ended. */
  steps: z.array(z.object({ step: z.enum(callSteps), ms: z.number() })),
})
export type Trace = z.output<typeof trace>

export const traces = {
  /** Where the time of the latest calls went, or of the slowest of a day; since the app started. */
  list: call(
    z.object({ which: z.enum(['recent', 'slowest']).default('recent') }),
    z.object({ traces: z.array(trace) }),
    {
      verb: 'status',
    },
  ),
} as const
