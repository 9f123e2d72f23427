import type { Socket } from 'node:net'
import type { LocalConnection } from '../clients/programs/processes.ts'
import type { HttpCaller } from './http-sessions.ts'

/** Whether the program at the other end may use that key. @throws client.key-elsewhere */
export type VouchForKey = (caller: HttpCaller, connection: LocalConnection) => Promise<void>

/** Looks at the program behind a connection once for each key it shows: later requests cost a look into a map. */
export class VouchedConnections {
  readonly #answers = new WeakMap<Socket, Map<string, 'yes' | Promise<void>>>()

  constructor(private readonly vouch: VouchForKey | undefined) {}

  /**
   * @returns undefined when there is nothing to wait for
   * @throws client.key-elsewhere
   */
  check(caller: HttpCaller, socket: Socket): Promise<void> | undefined {
    if (!this.vouch) return undefined
    const answers = this.#answersOf(socket)
    const known = answers.get(caller.credentialId)
    if (known !== undefined) return known === 'yes' ? undefined : known
    const answer = this.#ask(this.vouch, caller, socket, answers)
    answers.set(caller.credentialId, answer)
    return answer
  }

  async #ask(vouch: VouchForKey, caller: HttpCaller, socket: Socket, answers: Map<string, 'yes' | Promise<void>>) {
    try {
      await vouch(caller, endsOf(socket))
      answers.set(caller.credentialId, 'yes')
    } catch (error) {
      answers.delete(caller.credentialId) // the person may agree before the next request
      throw error
    }
  }

  #answersOf(socket: Socket): Map<string, 'yes' | Promise<void>> {
    const answers = this.#answers.get(socket) ?? new Map<string, 'yes' | Promise<void>>()
    this.#answers.set(socket, answers)
    return answers
  }
}

export function endsOf({ localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): LocalConnection {
  return { doorPort: localPort, callerAddress: remoteAddress.replace(/^::ffff:/, ''), callerPort: remotePort }
}
