import { z } from 'zod'
import { call, event } from './define.ts'
import { allowScope, approvalId, epochMs, json, riskLevel } from './shapes.ts'

/** A program as the operating system shows it: evidence, not proof (DESIGN section 2). */
export const program = z.object({
  pid: z.number().int(),
  name: z.string(),
  executable: z.string(),
  startedAt: z.number().int().optional(),
  /** Who made it, as far as the platform can tell. */
  identity: z.object({ kind: z.enum(['signature', 'package', 'hash']), name: z.string() }).optional(),
  /** Nearest first: names of the parent processes. */
  parents: z.array(z.string()),
})

/** One line of a preview. `same` lines are context. */
export const diffLine = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })
export const diff = z.object({ path: z.string(), lines: z.array(diffLine), truncated: z.boolean() })

/** One field of a form a server asks the person to fill in; nothing is filled in before. */
export const elicitationField = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string().optional(),
  kind: z.enum(['text', 'number', 'integer', 'yes-no', 'choice', 'choices']),
  required: z.boolean(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
})
export type ElicitationField = z.output<typeof elicitationField>

/** What the person is asked about. Everything shown is in here; nothing is fetched later that could differ. */
export const questionSubject = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    server: z.string(),
    entry: z.string(),
    /** The server's own name of the tool. */
    tool: z.string(),
    arguments: json,
    /** Answers to what the server asked, which would be sent along. */
    answers: json.optional(),
    /** What would change on disk, where Gatehouse can tell. */
    diff: diff.optional(),
    /** The arguments last approved for the same client and entry. */
    lastApproved: json.optional(),
    /** Full command lines and URLs found in the arguments. */
    commands: z.array(z.string()),
    urls: z.array(z.string()),
    paths: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('pair'),
    clientName: z.string(),
    previous: program.optional(),
    /** An API key of the client came from another program than before. */
    apiKey: z.boolean().optional(),
    /** What a client without a bridge shows its user: the same code must be seen there. */
    userCode: z.string().optional(),
  }),
  /** A verb that needs a person: `servers add …`. */
  z.object({
    kind: z.literal('verb'),
    verb: z.string(),
    details: z.array(z.string()),
    /** An app or a script proposes it; nobody typed it. */
    proposed: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('host'), server: z.string(), host: z.string() }),
  /** Exact calls that will be made one after the other. */
  z.object({
    kind: z.literal('plan'),
    name: z.string(),
    steps: z.array(
      z.object({
        title: z.string(),
        risk: riskLevel,
        reasons: z.array(z.string()),
        server: z.string(),
        entry: z.string(),
        tool: z.string(),
        arguments: json,
        commands: z.array(z.string()),
        urls: z.array(z.string()),
        paths: z.array(z.string()),
      }),
    ),
  }),
  /** Install scripts of a server's package, which were not run; each command as it would run in the install sandbox. */
  z.object({ kind: z.literal('scripts'), server: z.string(), commands: z.array(z.string()) }),
  /** What a server asks while its tool runs, where the client cannot show it. */
  z.object({
    kind: z.literal('elicitation'),
    server: z.string(),
    tool: z.string(),
    message: z.string(),
    /** An address to open, instead of fields. */
    url: z.string().optional(),
    fields: z.array(elicitationField),
  }),
])

export const question = z.object({
  id: approvalId,
  createdAt: epochMs,
  expiresAt: epochMs,
  client: z.string(),
  clientId: z.string().optional(),
  program: program.optional(),
  workspace: z.string(),
  /** One plain sentence: “Editor wants to write notes.md”. */
  title: z.string(),
  risk: riskLevel,
  reasons: z.array(z.string()),
  subject: questionSubject,
  /** Identical questions waiting behind this one, itself included. */
  count: z.number().int().min(1),
  /** What each scope of "allow" would allow, in one sentence each; a scope missing here is not offered. */
  scopes: z.array(z.object({ scope: allowScope, consequence: z.string() })),
})
export type Question = z.output<typeof question>

/** Approvals as kept: open and ended. */
export const approvalState = z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled'])
export const approval = z.object({
  id: approvalId,
  state: approvalState,
  client: z.string(),
  tool: z.string(),
  createdAt: epochMs,
  decidedAt: epochMs.optional(),
  title: z.string(),
  scope: allowScope.optional(),
  reason: z.string().optional(),
})

export const decision = z.object({
  id: approvalId,
  decision: z.enum(['allow', 'deny']),
  scope: allowScope.default('once'),
  /** With a remembered scope: when it ends. */
  until: epochMs.optional(),
  /** With once: how many of the identical waiting calls it releases. */
  count: z.number().int().min(1).default(1),
  /** With allow, for an elicitation: what goes to the server, by field. */
  answers: z.record(z.string(), json).optional(),
  /** With deny: what the model is told. */
  reason: z.string().max(500).optional(),
})
export type Decision = z.output<typeof decision>

export const approvals = {
  pending: call(z.void(), z.array(question), { verb: 'status' }),
  list: call(
    z.object({ limit: z.number().int().min(1).max(1000).default(100) }),
    z.object({ approvals: z.array(approval) }),
    {
      verb: 'status',
    },
  ),
  /** Shows the arguments, hence contents. */
  show: call(z.object({ id: approvalId }), question.extend({ state: approvalState }), { verb: 'contents' }),
  /** How often the person answered what, by app and tool: where a rule could answer instead. */
  stats: call(
    z.object({ limit: z.number().int().min(1).max(5000).default(500) }),
    z.object({
      answers: z.array(
        z.object({
          client: z.string(),
          workspace: z.string(),
          server: z.string(),
          tool: z.string(),
          /** A folder or host; without it the tool as a whole. */
          place: z.string().optional(),
          answer: allowScope.or(z.enum(['denied', 'expired'])),
          count: z.number().int(),
          firstAt: epochMs,
          lastAt: epochMs,
        }),
      ),
      /** Asked three times or more, always answered the same way, and not yet answered by a rule. */
      same: z.array(
        z.object({ client: z.string(), tool: z.string(), answer: z.enum(['allow', 'deny']), count: z.number().int() }),
      ),
    }),
    { verb: 'status' },
  ),
  /** @returns false when it had already been decided; the first answer stands. */
  decide: call(decision, z.object({ decided: z.boolean() }), { verb: 'changes' }),
  asked: event(question),
  /** The question is over, however it ended. */
  settled: event(z.object({ id: approvalId, state: approvalState })),
} as const
