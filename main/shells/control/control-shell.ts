import type { Socket } from 'node:net'
import { type Question, question } from '../../../shared/contract/approvals.ts'
import { contract, type GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import type { Events } from '../../events/events.ts'
import { type Operator, OperatorGate } from '../operator-gate.ts'
import { contractServer, eventText, type ShellLog } from '../serve-contract.ts'
import { ControlConnection } from './control-connection.ts'
import { type AskPerson, controlGuard } from './control-guard.ts'

export type { AskPerson } from './control-guard.ts'

export interface ControlShellParts {
  readonly handlers: GatehouseHandlers
  readonly events: Events
  readonly operator: Operator
  /** `run/` in the data folder. */
  readonly runFolder: string
  /** How to ask in a window; undefined while none is open or can be shown. Asked anew for each verb. */
  readonly askPerson: () => AskPerson | undefined
  readonly log: ShellLog
  readonly language?: () => Language
}

/** Serves command lines that the bridge's socket hands over. */
export class ControlShell {
  readonly #parts: ControlShellParts
  readonly #server

  constructor(parts: ControlShellParts) {
    this.#parts = parts
    const guard = controlGuard({ gate: new OperatorGate(parts.operator), askPerson: parts.askPerson })
    this.#server = contractServer(contract, parts.handlers, {
      guard,
      log: parts.log,
      ...(parts.language ? { language: parts.language } : {}),
    })
  }

  /** @param rest bytes that came after the first line */
  accept = (socket: Socket, firstLine: string, rest: Buffer = Buffer.alloc(0)): void => {
    const { runFolder, log, events } = this.#parts
    const subscribe = (send: (text: string) => void) =>
      events.onAny((name, payload) => {
        const text = terminalText(name, payload)
        if (text) send(text)
      })
    new ControlConnection(socket, { server: this.#server, runFolder, log, subscribe }).begin(firstLine, rest)
  }
}

/** Events are free on a terminal, so a question is told without its arguments (`approvals show` confirms first). */
function terminalText(name: string, payload: unknown): string | undefined {
  if (name !== 'approvals.asked') return eventText(contract, name, payload)
  const asked = question.safeParse(payload)
  return asked.success ? JSON.stringify({ event: name, payload: summary(asked.data) }) : undefined
}

function summary({ id, client, title, risk, createdAt, expiresAt, count, subject }: Question) {
  const tool = subject.kind === 'call' ? subject.entry : subject.kind
  return { id, state: 'pending', client, tool, title, risk, createdAt, expiresAt, count }
}
