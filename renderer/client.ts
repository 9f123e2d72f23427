import {
  contract,
  type GatehouseApi,
  type GatehouseEventName,
  type GatehouseEvents,
} from '../shared/contract/contract.ts'
import type { AnyRoute } from '../shared/contract/define.ts'
import type { AnswerError, Transport } from './transport/transport.ts'

/** A call main refused or could not do; `sentence` is for the person and may be empty when the connection is gone. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
  readonly code: string
  readonly sentence: string
  constructor(error: AnswerError) {
    super(error.code)
    this.code = error.code
    this.sentence = error.sentence
  }
}

export interface GatehouseClient {
  readonly api: GatehouseApi
  /** Listens to one event; payloads that do not fit the contract are dropped. */
  readonly on: <N extends GatehouseEventName>(name: N, listener: (payload: GatehouseEvents[N]) => void) => () => void
}

/**
 * The contract as functions over a transport.
 *
 * @param confirmPerson shown when main asks for the person again (`operator.required`) in the browser shell;
 *   true means the passphrase was accepted and the call is tried once more
 */
export function gatehouseClient(transport: Transport, confirmPerson: () => Promise<boolean>): GatehouseClient {
  const ask = async (channel: string, route: AnyRoute, input: unknown): Promise<unknown> => {
    let answer = await transport.call(channel, input)
    if (!answer.ok && answer.error.code === 'operator.required' && transport.shell === 'browser') {
      if (await confirmPerson()) answer = await transport.call(channel, input)
    }
    if (!answer.ok) throw new CallRefused(answer.error)
    return route.output.parse(answer.value ?? undefined)
  }
  const areas = Object.entries(contract).map(([area, entries]) => {
    const calls = Object.entries(entries).flatMap(([name, entry]) =>
      entry.kind === 'call' ? [[name, (input: unknown) => ask(`${area}.${name}`, entry, input)] as const] : [],
    )
    return [area, Object.fromEntries(calls)] as const
  })
  return {
    api: Object.fromEntries(areas) as unknown as GatehouseApi, // built entry by entry from the contract this type is made of
    on: (name, listener) => transport.on(name, (payload) => deliver(name, payload, listener)),
  }
}

function deliver<N extends GatehouseEventName>(
  name: N,
  payload: unknown,
  listener: (payload: GatehouseEvents[N]) => void,
): void {
  const [area = '', key = ''] = name.split('.')
  const stream = (contract as Record<string, Record<string, { kind: string; payload?: unknown }>>)[area]?.[key]
  if (stream?.kind !== 'event') return
  const parsed = (stream as { payload: import('zod').ZodType }).payload.safeParse(payload)
  if (parsed.success) listener(parsed.data as GatehouseEvents[N])
}
