import { z } from 'zod'
import { call, event } from './define.ts'
import { anyServerName, epochMs } from './shapes.ts'

/** A host one server wanted to reach and was refused. */
export const refusedHost = z.object({
  server: z.string(),
  host: z.string(),
  port: z.number().int().optional(),
  /** How often since Gatehouse started, and last when. */
  times: z.number().int(),
  at: epochMs,
  /** Whether it can be allowed: never this computer, the local network or a link-local address. */
  offered: z.boolean(),
  /** Of a host that is allowed: the port is Gatehouse's own, or the name lies elsewhere than it may. */
  why: z.enum(['own port', 'moved']).optional(),
})
export type RefusedHostShown = z.output<typeof refusedHost>

const named = z.object({ server: anyServerName, host: z.string().min(1).max(253) })

export const hosts = {
  /** Newest first. */
  refused: call(
    z.object({ server: anyServerName.optional() }),
    z.object({
      hosts: z.array(refusedHost),
      /** Hosts beyond those shown, of servers that try very many. */
      more: z.number().int(),
      /** Refused for good, without asking again. */
      never: z.array(z.object({ server: z.string(), host: z.string() })),
    }),
    { verb: 'status' },
  ),
  /** Adds a host that was refused to what this server may reach; `restarts` when only a new process reaches it. */
  allow: call(named.extend({ port: z.number().int().min(1).max(65535) }), z.object({ restarts: z.boolean() }), {
    verb: 'changes',
    widens: true,
  }),
  /** This server is refused it from now on, and nobody is asked again. */
  never: call(named, z.void(), { verb: 'changes' }),
  changed: event(z.object({ server: z.string() })),
} as const
