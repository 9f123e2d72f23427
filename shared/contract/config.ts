import { z } from 'zod'
import { call } from './define.ts'

const value = z.union([z.number(), z.string()])

/** One setting of the app as a whole; its name and sentence are words of the window, by `path`. */
export const setting = z.object({
  /** `approvals.expirySeconds`; the unit is in the name. */
  path: z.string(),
  kind: z.enum(['number', 'choice', 'text']),
  least: z.number().optional(),
  most: z.number().optional(),
  choices: z.array(z.string()).optional(),
  default: value.optional(),
  /** What holds, at the latest from the next start on. */
  value: value.optional(),
  /** What holds now. */
  now: value.optional(),
  /** `outside`: `config.yaml` or a `GATEHOUSE_…` variable. */
  from: z.enum(['default', 'outside', 'person']),
  /** In the file or the environment, but not used until the person sets it: it gives AI apps more. */
  withheld: z.number().optional(),
  /** Gives AI apps more the higher it is. */
  widens: z.boolean(),
  /** False: only the file or the environment can change it. */
  editable: z.boolean(),
})
export type Setting = z.output<typeof setting>

export const config = {
  /** All of them, and the file they can be written in. */
  list: call(z.void(), z.object({ settings: z.array(setting), file: z.string() }), { verb: 'status' }),
  /** `null`: as the file, the environment or the default say. */
  set: call(z.object({ path: z.string().max(100), value: value.nullable() }), setting, {
    verb: 'changes',
    widens: true,
  }),
  /** Reads the file again, without using it: what is wrong with it, and what of it would not be used. */
  check: call(z.void(), z.object({ problems: z.array(z.string()), notices: z.array(z.string()) }), { verb: 'status' }),
} as const
