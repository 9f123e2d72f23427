import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { AnyRoute, Caller, Contract, Handlers } from '../../shared/contract/define.ts'
import { type ErrorCode, GatehouseError, inputInvalid, unexpected } from '../../shared/errors.ts'
import { type Language, sentence } from '../../shared/messages/messages.ts'

/** What crosses to a window or the CLI when something was refused or failed. Never a stack, never a cause. */
export interface WireError {
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, string>>
  /** For the person, in their language. */
  readonly sentence: string
}
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError }

/** A call whose input has been parsed, before its handler sees it. */
export interface GuardedCall {
  readonly channel: string
  readonly route: AnyRoute
  readonly input: unknown
}
/** A carrier's own conditions, by verb class and `widens`. Throws a GatehouseError to refuse. */
export type Guard<C extends Caller> = (call: GuardedCall, caller: C) => void | Promise<void>

export interface ShellLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface ContractServerOptions<C extends Caller> {
  readonly guard: Guard<C>
  readonly log: ShellLog
  /** The person's language, asked for each answer. */
  readonly language?: () => Language
}
export interface ContractServer<C extends Caller> {
  /** Never rejects. */
  dispatch(channel: string, input: unknown, caller: C): Promise<Answer>
}

type Handler = (input: unknown, caller: Caller) => unknown
interface Served {
  readonly route: AnyRoute
  readonly handler: Handler
}

/**
 * Serves a contract: every input is parsed before a guard or handler sees it, every output is parsed before it leaves, and
 * only a code with its sentence crosses when something goes wrong.
 */
export function contractServer<K extends Contract, C extends Caller>(
  contract: K,
  handlers: Handlers<K>,
  options: ContractServerOptions<C>,
): ContractServer<C> {
  const served = servedRoutes(contract, handlers)
  const language = options.language ?? (() => 'en' as const)

  async function answer(channel: string, input: unknown, caller: C): Promise<unknown> {
    const found = served.get(channel)
    if (!found) throw inputInvalid(`There is nothing called “${channel.slice(0, 80)}”.`)
    const parsed = parseInput(found.route, input)
    await options.guard({ channel, route: found.route, input: parsed }, caller)
    const value = await found.handler(parsed, caller)
    return found.route.output instanceof z.ZodVoid ? undefined : found.route.output.parse(value)
  }

  return {
    dispatch: async (channel, input, caller) => {
      try {
        return { ok: true, value: await answer(channel, input, caller) }
      } catch (error) {
        return { ok: false, error: wireError(error, options.log, language(), channel) }
      }
    },
  }
}

/** What a person may read of an error; anything but a GatehouseError becomes a reference into the log. */
export function wireError(error: unknown, log: ShellLog, language: Language, channel: string): WireError {
  const known = error instanceof GatehouseError ? error : logged(error, log, channel)
  return { code: known.code, params: known.params, sentence: sentence(known, 'person', language) }
}

/** One event as it is sent to windows; fields the contract does not name are left out. */
export function eventText(contract: Contract, name: string, payload: unknown): string | undefined {
  const [area = '', key = ''] = name.split('.')
  const stream = contract[area]?.[key]
  if (stream?.kind !== 'event') return undefined
  const parsed = stream.payload.safeParse(payload)
  return parsed.success ? JSON.stringify({ event: name, payload: parsed.data }) : undefined
}

function logged(error: unknown, log: ShellLog, channel: string): GatehouseError {
  const reference = randomBytes(4).toString('hex')
  log.error({ reference, channel, err: error }, 'a contract call failed unexpectedly')
  return unexpected(reference, error)
}

function servedRoutes<K extends Contract>(contract: K, handlers: Handlers<K>): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>()
  for (const [area, entries] of Object.entries(contract)) {
    const implemented = handlers[area as keyof K] as Readonly<Record<string, Handler | undefined>>
    for (const [key, entry] of Object.entries(entries)) {
      if (entry.kind !== 'call') continue
      const handler = implemented?.[key]
      if (!handler) throw new Error(`no handler for ${area}.${key}`)
      served.set(`${area}.${key}`, { route: entry, handler: handler.bind(implemented) })
    }
  }
  return served
}

/** JSON has no undefined: a carrier that sends null for "nothing" means the same. */
function parseInput(route: AnyRoute, input: unknown): unknown {
  const given = route.input instanceof z.ZodVoid && input === null ? undefined : input
  const parsed = route.input.safeParse(given)
  if (parsed.success) return parsed.data
  throw inputInvalid(parsed.error.issues.map(problemOf).join('; '))
}

function problemOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.')
  return place ? `${place}: ${issue.message}` : issue.message
}
