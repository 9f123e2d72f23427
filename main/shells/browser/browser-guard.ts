import type { Caller } from '../../../shared/contract/define.ts'
import { operatorRequired, operatorUnset } from '../../../shared/errors.ts'
import type { OperatorGate } from '../operator-gate.ts'
import type { Guard } from '../serve-contract.ts'
import { decisionIn, type QuestionKind, widens } from '../widening.ts'
import type { BrowserSession, BrowserSessions } from './browser-sessions.ts'

export interface BrowserCaller extends Caller {
  readonly session: BrowserSession
}

export interface BrowserGuardParts {
  readonly sessions: BrowserSessions
  readonly gate: OperatorGate
  /** The open questions, to see what a decision is about. */
  readonly pending: (caller: BrowserCaller) => Promise<readonly OpenQuestion[]> | readonly OpenQuestion[]
}
interface OpenQuestion {
  readonly id: string
  readonly subject: { readonly kind: QuestionKind }
}

/**
 * The browser shell's conditions (DESIGN section 4): a locked session may do nothing; allowing once and whatever does not
 * widen needs the session; widening needs the passphrase within the last 15 minutes.
 */
export function browserGuard({ sessions, gate, pending }: BrowserGuardParts): Guard<BrowserCaller> {
  return async (call, caller) => {
    if (!caller.session.unlocked) throw operatorRequired()
    if (call.channel === 'system.setOperator') return provePresent(gate, call.input as { current?: string })
    const questions = decisionIn(call)?.decision === 'allow' ? await pending(caller) : []
    if (!widens(call, (id) => questions.find((question) => question.id === id)?.subject.kind)) return
    if (sessions.isConfirmed(caller.session)) return
    throw (await gate.isSet()) ? operatorRequired() : operatorUnset()
  }
}

/** Changing the passphrase proves the present one, throttled like everywhere; the first one needs only the session. */
async function provePresent(gate: OperatorGate, { current }: { current?: string }): Promise<void> {
  if (await gate.isSet()) await gate.prove('browser', current)
}
