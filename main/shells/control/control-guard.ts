import type { Caller, VerbClass } from '../../../shared/contract/define.ts'
import type { Program } from '../../../shared/domain/call.ts'
import { operatorDeclined, operatorRequired, operatorUnset } from '../../../shared/errors.ts'
import type { OperatorGate } from '../operator-gate.ts'
import type { Guard, GuardedCall } from '../serve-contract.ts'
import { describeVerb, type VerbDescription } from './describe-verb.ts'
import type { ProvenProcess } from './process-proof.ts'

/**
 * Puts a question into the window. Rejects or answers false when the person does not allow it; given only while the app
 * can show a window, which is the app's to know.
 */
export type AskPerson = (
  question: VerbDescription & { readonly program?: Program; readonly signal: AbortSignal },
) => Promise<boolean>

export interface ControlCaller extends Caller {
  readonly carrier: 'cli'
  readonly process: ProvenProcess | undefined
  /** Given with this request only. */
  readonly passphrase: string | undefined
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
  /** Tells the terminal that the window is asking. */
  readonly waiting: () => void
}

export interface ControlGuardParts {
  readonly gate: OperatorGate
  /** @returns undefined while no window can be shown */
  readonly askPerson: () => AskPerson | undefined
}

/** Routes whose answer shows more on a terminal than their class says: open questions hold whole arguments. */
const contentsOnTerminal: ReadonlySet<string> = new Set(['approvals.pending'])

const classOf = ({ channel, route }: GuardedCall): VerbClass =>
  contentsOnTerminal.has(channel) ? 'contents' : route.verb

/** status: free; contents: confirmed once a terminal session; changes: each confirmed. */
export function controlGuard(parts: ControlGuardParts): Guard<ControlCaller> {
  const confirmedTerminals = new Set<string>()
  return async (call, caller) => {
    const verbClass = classOf(call)
    if (verbClass === 'status') return
    const terminal = verbClass === 'contents' ? caller.process?.terminal : undefined
    if (terminal !== undefined && confirmedTerminals.has(terminal)) return
    await confirmed(call, caller, parts)
    if (terminal !== undefined) confirmedTerminals.add(terminal)
  }
}

async function confirmed(call: GuardedCall, caller: ControlCaller, parts: ControlGuardParts): Promise<void> {
  const { gate } = parts
  const isSet = await gate.isSet()
  if (isSet && call.channel === 'system.setOperator')
    return gate.prove('cli', (call.input as { current?: string }).current ?? caller.passphrase)
  if (isSet && caller.passphrase !== undefined) return gate.prove('cli', caller.passphrase)
  const askPerson = answersAQuestion(call) ? undefined : parts.askPerson()
  if (askPerson) return askInWindow(askPerson, call, caller)
  if (isFirstPassphrase(call) && caller.process?.onTerminal) return
  throw isSet ? operatorRequired() : operatorUnset()
}

/** Whoever can answer a question in the window can answer the question itself there. */
const answersAQuestion = (call: GuardedCall) => call.channel === 'approvals.decide'

/** INTERFACES: the first passphrase may be set "by `gatehouse operator set` on a terminal". */
const isFirstPassphrase = (call: GuardedCall) => call.channel === 'system.setOperator'

async function askInWindow(askPerson: AskPerson, call: GuardedCall, caller: ControlCaller): Promise<void> {
  const description = describeVerb(call)
  caller.waiting()
  const program = caller.process ? { program: caller.process.program } : {}
  const allowed = await askPerson({ ...description, ...program, signal: caller.signal })
  if (!allowed) throw operatorDeclined(description.verb)
}
