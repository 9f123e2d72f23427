import { z } from 'zod'
import { machineSignIn } from '../domain/machine-sign-in.ts'
import { remoteTransports } from '../domain/remote.ts'
import { call } from './define.ts'
import { serverDetail } from './servers.ts'
import { serverName, workspaceName } from './shapes.ts'

const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
const pem = z.string().min(1).max(200_000)

const header = z.object({ name: z.string().max(100), scheme: z.string().max(40).optional(), secret: secretName })
const where = {
  url: z.string().min(1).max(2_000),
  transport: z.enum(remoteTransports).default('detect'),
  /** Sent with every request; each value is a secret of this server. */
  headers: z.array(header).max(20).default([]),
  /** The name stands for a computer of a private network. */
  privateNetwork: z.boolean().optional(),
  tls: z
    .object({
      authorities: pem.optional(),
      pin: z.string().max(100).optional(),
      /** TLS 1.2 will do, too. */
      tls12: z.boolean().optional(),
      client: z.object({ certificate: pem, keySecret: secretName }).optional(),
    })
    .optional(),
  /** How Gatehouse signs in there by itself. */
  signIn: machineSignIn.optional(),
}

export const remoteDraft = z.object({
  name: serverName,
  ...where,
  trusted: z.boolean().optional(),
  /** Whose it is; of the first workspace when left out. */
  workspace: workspaceName.optional(),
})
export type RemoteDraft = z.output<typeof remoteDraft>

/** What is left out stays as it is. */
export const remoteChange = z.object({
  name: serverName,
  /** The address the person saw: refused when it is another one by now. */
  from: z.string(),
  url: where.url.optional(),
  transport: z.enum(remoteTransports).optional(),
  /** All of them anew; a secret that has a value already keeps it. */
  headers: z.array(header).max(20).optional(),
  privateNetwork: where.privateNetwork,
  /** What is left out of it stays as it is, too. */
  tls: where.tls,
  /** `null`: the person signs in, when the server asks. */
  signIn: machineSignIn.nullable().optional(),
})
export type RemoteChange = z.output<typeof remoteChange>

/** What a person agrees to before a remote server is first connected to. */
export const remotePlan = z.object({
  url: z.string(),
  host: z.string(),
  /** What its name stands for now; only these kinds of addresses are ever connected to. */
  addresses: z.array(z.string()),
  transport: z.enum(remoteTransports),
  headerNames: z.array(z.string()),
  secretNames: z.array(z.string()),
  /** What may go there, in sentences. */
  mayGo: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Of a change: what was and what would be, a sentence each. */
  changes: z.array(z.string()).optional(),
})
const secrets = z.record(secretName, z.string().min(1).max(65_536)).default({})

/** Servers on other computers. Everything else about them is done by `servers`. */
export const remote = {
  /** Checks a draft, looks its name up and says what would go where; connects to nothing, changes nothing. */
  plan: call(remoteDraft, remotePlan, { verb: 'status' }),
  /** Adds it, keeps the secrets given, connects once, lists, and leaves its entries pinned (accept) or quarantined. */
  add: call(
    remoteDraft.extend({
      acceptPins: z.boolean().default(false),
      secrets,
    }),
    serverDetail,
    { verb: 'changes', widens: true },
  ),
  /** Says what a change would mean; connects to nothing, changes nothing. */
  planChange: call(remoteChange, remotePlan, { verb: 'status' }),
  /**
   * Leads it elsewhere or sends it other headers. Its secrets stay under their names; at another origin it is not trusted
   * any more, and what it offers there is compared with what was accepted.
   */
  set: call(remoteChange.extend({ secrets }), serverDetail, { verb: 'changes', widens: true }),
} as const
