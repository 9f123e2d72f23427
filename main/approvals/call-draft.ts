import { bindingHash, cellHash } from '../../shared/domain/binding.ts'
import type { JudgedCall } from '../../shared/domain/call.ts'
import type { Sha256 } from '../../shared/domain/ids.ts'
import { placesOf } from '../../shared/domain/places.ts'
import { type ApprovalRecord, type BoundTo, type HeldCall, sha256 } from './approval.ts'
import type { Preview } from './file-preview.ts'
import type { QuestionDraft } from './open-questions.ts'
import type { PlannedCall } from './plans.ts'
import type { Proposal } from './proposals.ts'
import { reasonsOf, type Say, scopesOf, subjectOf, titleOf } from './question-text.ts'
import { namedValues } from './shared-values.ts'

export interface DraftWith {
  readonly preview: Preview | undefined
  /** The last approval of the same client and entry: its arguments are shown beside the new ones. */
  readonly last: ApprovalRecord | undefined
  readonly say: Say
  /** Wider answers to offer. */
  readonly proposals?: readonly Proposal[]
}

/** The question about a call: everything the person is shown and the decision is bound to, taken from the judged call. */
export function callDraft(
  call: PlannedCall,
  binding: Sha256,
  { preview, last, say, proposals = [] }: DraftWith,
): QuestionDraft {
  const { program } = call.client
  const before = last?.content.question.subject
  const unseen = preview && !preview.diff ? [say('risk.large')] : []
  return {
    kind: 'call',
    binding,
    asker: call.client.id,
    entry: call.entry.name,
    question: {
      client: call.client.name,
      clientId: call.client.id,
      ...(program ? { program: { ...program, parents: [...program.parents] } } : {}),
      workspace: call.client.workspace,
      title: titleOf(call, say),
      risk: call.verdict.risk,
      reasons: [...reasonsOf(call, say), ...unseen],
      subject: {
        ...subjectOf(call),
        ...(preview?.diff ? { diff: preview.diff } : {}),
        ...(before?.kind === 'call' ? { lastApproved: before.arguments } : {}),
      },
      scopes: scopesOf(call, say, proposals),
    },
    content: {
      bound: boundTo(call),
      held: {
        method: call.method,
        target: call.target,
        ...(call.view ? { view: call.view } : {}),
        ...heldExtra(call),
      },
      ...(preview ? { expectContent: preview.expectContent } : {}),
      ...(proposals.length > 0 ? { proposals } : {}),
    },
  }
}

/** A later round is repeated with the state as its client keeps it. */
function heldExtra({ extra, resumed }: PlannedCall): Pick<HeldCall, 'extra'> {
  if (!extra) return {}
  return { extra: resumed ? { ...extra, requestState: resumed.sealed } : extra }
}

function boundTo(call: JudgedCall): BoundTo {
  return {
    binding: bindingHash(call, sha256),
    clientId: call.client.id,
    sessionId: call.session.id,
    workspace: call.client.workspace,
    server: call.server.name,
    entry: call.entry.name,
    method: call.method,
    pin: call.entry.pin,
    cell: cellHash(call.server, sha256),
    canonical: call.canonical,
    action: call.verdict.action,
    risk: call.verdict.risk,
    places: placesOf(call),
    values: namedValues(call),
    ...(call.flow ? { flow: call.flow.kind } : {}),
    ...(call.flow?.within ? { within: call.flow.within } : {}),
  }
}

/** An answer given before the session read what it must not lose is no answer to the question asked afterwards. */
export function askedHash(call: PlannedCall): Sha256 {
  const binding = bindingHash(call, sha256)
  const { kind, within } = call.flow ?? {}
  return kind ? sha256(`${binding} ${kind}${within ? ' within' : ''}`) : binding
}
