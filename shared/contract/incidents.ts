import { z } from 'zod'
import type { IncidentId } from '../domain/ids.ts'
import { measures, repairStrategies, symptomKinds } from '../domain/incident.ts'
import { call, event } from './define.ts'
import { usageSample } from './running.ts'
import { anyServerName, epochMs } from './shapes.ts'

const status = z.enum(['open', 'resolved', 'escalated'])
const incidentId = z
  .string()
  .min(1)
  .max(64)
  .transform((value) => value as IncidentId)

export const incident = z.object({
  id: z.string(),
  server: z.string(),
  status,
  severity: z.enum(['warning', 'critical']),
  openedAt: epochMs,
  closedAt: epochMs.optional(),
  symptoms: z.array(z.object({ at: epochMs, kind: z.enum(symptomKinds), detail: z.string() })),
  attempts: z.array(
    z.object({
      at: epochMs,
      strategy: z.enum([...repairStrategies, ...measures]),
      worked: z.boolean(),
      detail: z.string(),
    }),
  ),
})

export const incidents = {
  /** Of the last 30 days, newest first. */
  list: call(
    z.object({ server: anyServerName.optional(), status: status.optional() }),
    z.object({
      incidents: z.array(incident),
      figures: z.object({
        open: z.number().int(),
        resolved: z.number().int(),
        escalated: z.number().int(),
        /** Mean milliseconds from opening to being resolved. */
        meanRepairMs: z.number().optional(),
        /** 0 … 1, of those that are over. */
        successRate: z.number().optional(),
      }),
    }),
    { verb: 'status' },
  ),
  show: call(z.object({ id: incidentId }), incident, { verb: 'status' }),
  /** The person dealt with it. A server that was switched off for it is switched on again, unless `leaveOff`. */
  resolve: call(z.object({ id: incidentId, leaveOff: z.boolean().default(false) }), incident, {
    verb: 'changes',
    widens: true,
  }),
  changed: event(incident),
} as const

const condition = z.enum(['healthy', 'degraded', 'unhealthy'])

export const health = {
  report: call(
    z.void(),
    z.object({
      state: condition,
      components: z.array(
        z.object({
          name: z.string(),
          state: condition,
          detail: z.string(),
          checkedAt: epochMs,
          tookMs: z.number(),
        }),
      ),
      servers: z.array(
        z.object({
          name: z.string(),
          state: condition,
          detail: z.string(),
          breaker: z.enum(['closed', 'open', 'half-open']),
          throttled: z.boolean(),
          processes: z.array(
            z.object({
              instance: z.string(),
              pid: z.number().int(),
              well: z.boolean(),
              checkedAt: epochMs.optional(),
              answeredInMs: z.number().optional(),
            }),
          ),
          usage: usageSample.optional(),
        }),
      ),
    }),
    { verb: 'status' },
  ),
  /** A part is better or worse than it was. */
  changed: event(z.object({ name: z.string(), state: condition })),
  /** How a server usually behaves, as far as was seen: what anomalies are measured by. */
  behaviour: call(
    z.object({ server: anyServerName }),
    z.object({
      figures: z.array(
        z.object({
          name: z.string(),
          samples: z.number().int(),
          /** Highest usual value: cores, bytes, bytes a second, milliseconds, or a number of processes. */
          high: z.number(),
          /** Bits: how widely its values are spread. */
          entropy: z.number(),
        }),
      ),
      /** Bits: how evenly its tools are called. */
      mixEntropy: z.number(),
    }),
    { verb: 'status' },
  ),
  /** What a server used in the last ten minutes it ran, for a picture. Oldest first. */
  usage: call(z.object({ server: anyServerName }), z.object({ samples: z.array(usageSample) }), { verb: 'status' }),
  /** The same of every server that runs, for a list of them. */
  usages: call(
    z.void(),
    z.object({ servers: z.array(z.object({ name: z.string(), samples: z.array(usageSample) })) }),
    { verb: 'status' },
  ),
} as const
