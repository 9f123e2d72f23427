import type { GatehouseApi } from '../../shared/contract/contract.ts'
import { ControlClient } from './control-client.ts'
import { Refused } from './failures.ts'
import type { Terminal } from './terminal.ts'

const passphraseTries = 3

export interface AppSessionParts {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  /** Tells the person what goes on. */
  readonly note: (text: string) => void
}

/** The contract as functions, over one connection; gives the operator passphrase where the app asks for it. */
export class AppSession {
  readonly #parts: AppSessionParts
  #client: Promise<ControlClient> | undefined
  #passphrase: string | undefined
  readonly api: GatehouseApi

  constructor(parts: AppSessionParts) {
    this.#parts = parts
    this.#passphrase = parts.env.GATEHOUSE_OPERATOR_PASSPHRASE || undefined
    this.api = apiOver((channel, input) => this.#call(channel, input))
  }

  /** @throws app.not-running */
  connect(): Promise<ControlClient> {
    this.#client ??= ControlClient.open(this.#parts.home, this.#parts.env)
    return this.#client
  }

  close(): void {
    this.#client?.then((client) => client.close()).catch(() => undefined)
  }

  async #call(channel: string, input: unknown): Promise<unknown> {
    const client = await this.connect()
    for (let tries = 0; ; tries++) {
      const answer = await client.request(channel, input, this.#passphrase, () =>
        this.#parts.note('Waiting for your answer in the Gatehouse window …'),
      )
      if (answer.ok) return answer.value
      if (tries >= passphraseTries || !this.#mayAsk(answer.error.code))
        throw new Refused(answer.error.code, answer.error.sentence)
      if (answer.error.code === 'operator.wrong') this.#parts.note(answer.error.sentence)
      this.#passphrase = await this.#parts.terminal.hidden('Operator passphrase: ')
    }
  }

  #mayAsk(code: string): boolean {
    if (this.#parts.env.GATEHOUSE_OPERATOR_PASSPHRASE || !this.#parts.terminal.canAsk) return false
    return code === 'operator.required' || code === 'operator.wrong'
  }
}

/** `api.servers.list()` → `call('servers.list')`; the app parses what goes in and what comes out. */
function apiOver(call: (channel: string, input: unknown) => Promise<unknown>): GatehouseApi {
  const area = (name: string) =>
    new Proxy({}, { get: (_, verb) => (input: unknown) => call(`${name}.${String(verb)}`, input) })
  return new Proxy({}, { get: (_, name) => area(String(name)) }) as GatehouseApi
}
