import type { Credential, Door, ExchangeMethod, Reply, Trail } from '../../shared/domain/call.ts'
import type { CallId, EpochMs } from '../../shared/domain/ids.ts'
import { jsonText } from '../../shared/domain/json-text.ts'
import type { GatehouseError } from '../../shared/errors.ts'
import type { CallTrail } from './call-trail.ts'
import type { PlainContents } from './contents.ts'
import type { EntryFields, Severity } from './entry.ts'

/** What the audit needs of a call as a door hands it in. */
export interface ReceivedCall {
  readonly callId: CallId
  readonly receivedAt: EpochMs
  readonly startedMs: number
  readonly door: Door
  readonly credential: Credential
  readonly method: ExchangeMethod
  readonly target: string
  readonly arguments: unknown
  readonly trail: Trail
}

/** How a call ended. `reference`: it crashed, and the log has the details. */
export type Outcome =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'refused'; readonly error: GatehouseError; readonly reference?: string }

export interface CallRecord {
  readonly fields: EntryFields
  readonly contents: PlainContents
}

/** Of what was refused before anybody's rules looked at it: anyone can send any amount of it. */
const unjudgedBytes = 4 * 1024
/** Codes that mean the call is not over: the person may still answer. */
const waitingCode = 'approvals.waiting'
const suspiciousCodes: readonly string[] = ['client.unpaired', 'client.revoked', 'arguments.unsafe', 'filters.blocked']

/** The entry written before an effect: from there on the server may act. */
export function intentRecord(call: ReceivedCall, trail: CallTrail): CallRecord {
  const who = nameOf(call, trail)
  const fields = common(call, trail)
  return {
    fields: {
      ...fields,
      action: 'intent',
      severity: 'info',
      decision: 'allow',
      summary: `${who} is about to use ${fields.tool}`,
    },
    contents: argumentsOf(call, trail),
  }
}

/** The entry written when the call is over, before the answer leaves. */
export function outcomeRecord(call: ReceivedCall, trail: CallTrail, outcome: Outcome): CallRecord {
  const fields = common(call, trail)
  const code = outcome.kind === 'refused' ? outcome.error.code : undefined
  const result = outcome.kind === 'answered' ? textOfReply(outcome.reply) : undefined
  return {
    fields: {
      ...fields,
      action: trail.facts.method ?? call.method,
      severity: trail.facts.crossing ? 'critical' : severityOf(outcome),
      decision: decisionOf(trail, outcome),
      summary: summaryOf(nameOf(call, trail), fields.tool ?? '', outcome, trail),
      durationMs: Math.round((performance.now() - call.startedMs) * 1000) / 1000,
      ...(code ? { code } : {}),
      ...(outcome.kind === 'refused' && outcome.reference ? { reference: outcome.reference } : {}),
    },
    contents: {
      ...(recordsArguments(trail, code) ? argumentsOf(call, trail) : {}),
      ...(result === undefined ? {} : { result }),
      ...(outcome.kind === 'refused' && trail.facts.decision === undefined ? { keptBytes: unjudgedBytes } : {}),
    },
  }
}

/** Not twice, and not what a filter found a secret in. */
const recordsArguments = (trail: CallTrail, code: string | undefined): boolean =>
  trail.intent === undefined && code !== 'filters.blocked'

/** Allowed, still waiting for the person, or not allowed. */
export function decisionOf(trail: CallTrail, outcome: Outcome): 'allow' | 'ask' | 'deny' {
  if (outcome.kind === 'answered' || trail.facts.decision === 'allow') return 'allow'
  return outcome.error.code === waitingCode ? 'ask' : 'deny'
}

const printableAscii = /^[ -~]*$/

/** One line without control characters, well-formed and short enough to be shown. */
export function plain(text: string, longest = 200): string {
  if (text.length <= longest && printableAscii.test(text)) return text
  const long = text.length > longest
  // A text of its own: a plain slice would keep all of a long one in memory for as long as the entry is shown.
  const beginning = long ? Buffer.from(text.slice(0, longest), 'utf16le').toString('utf16le') : text
  const clean = beginning.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')
  return long ? `${clean}…` : clean
}

function common(call: ReceivedCall, trail: CallTrail): Omit<EntryFields, 'action' | 'severity' | 'summary'> {
  const { facts, intent } = trail
  const { client, sessionId, workspace, server, pin, rule, risk, approval, labels } = facts
  const fields: { -readonly [K in keyof EntryFields]?: EntryFields[K] } = {
    callId: call.callId,
    door: call.door,
    clientId: plain(facts.clientId ?? call.credential.clientId),
    tool: plain(facts.entry ?? call.target),
  }
  if (client) fields.client = plain(client)
  if (sessionId) fields.session = sessionId
  if (workspace) fields.workspace = workspace
  if (server) fields.server = server
  if (pin) fields.pin = pin
  if (rule) fields.rule = plain(rule)
  if (risk) fields.risk = risk
  if (approval) fields.approval = approval
  if (labels) fields.labels = labels.map((label) => plain(label))
  if (intent !== undefined) fields.intent = intent
  return fields
}

function severityOf(outcome: Outcome): Severity {
  if (outcome.kind === 'answered') return 'info'
  if (outcome.reference) return 'critical'
  return suspiciousCodes.includes(outcome.error.code) ? 'warning' : 'notice'
}

function summaryOf(who: string, tool: string, outcome: Outcome, trail: CallTrail): string {
  if (outcome.kind === 'answered')
    return failed(outcome.reply) ? `${who} used ${tool}; the server answered with an error` : `${who} used ${tool}`
  if (outcome.reference) return `${who} wanted ${tool}; something unexpected stopped it`
  if (trail.facts.crossing) return `${who} reached for ${tool}, which belongs to another workspace, and was refused`
  if (outcome.error.code === waitingCode) return `${who} wants ${tool}; it waits for approval`
  if (trail.facts.decision === 'allow') return `${who} was allowed ${tool}, but it failed`
  return `${who} was refused ${tool}`
}

const failed = (reply: Reply) => reply.kind === 'error' || reply.result.isError === true
const nameOf = (call: ReceivedCall, trail: CallTrail) =>
  plain(trail.facts.client ?? call.credential.clientId ?? 'someone')

/** The judged arguments; those received, when the call did not get that far. */
export function argumentsOf(call: ReceivedCall, trail: CallTrail): PlainContents {
  const text = trail.facts.canonical ?? textOf(trail.facts.arguments ?? call.arguments)
  return text === undefined ? {} : { arguments: text }
}

/** Made once with the text that is sent. */
function textOfReply(reply: Reply): string | undefined {
  if (reply.kind === 'error') return textOf(reply)
  try {
    return `{"kind":"result","result":${jsonText(reply.result)}}`
  } catch {
    return undefined
  }
}

/** JSON text; undefined for what JSON cannot carry. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
