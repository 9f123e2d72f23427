import { z } from 'zod'
import { call } from './define.ts'
import { epochMs } from './shapes.ts'

export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])

export const logLine = z.object({
  /** Names the line. */
  at: z.number().int(),
  time: epochMs,
  level: logLevel,
  text: z.string(),
  /** Everything else that was written with it, as JSON; empty when there is nothing. */
  more: z.string(),
})
export type LogLine = z.output<typeof logLine>

export const logs = {
  /** The newest lines of Gatehouse's own log that fit, newest first. Known secrets are not in it. */
  read: call(
    z.object({
      /** Of this level or graver. */
      level: logLevel.default('info'),
      /** Every word of it stands somewhere in the line. */
      search: z.string().max(200).optional(),
      most: z.number().int().min(1).max(5000).default(1000),
    }),
    z.object({ lines: z.array(logLine), /** Whether there are no older ones. */ whole: z.boolean() }),
    { verb: 'contents' },
  ),
} as const
