import { z } from 'zod'

/**
 * What a carrier asks of the caller before a route runs (INTERFACES, "The CLI").
 * status: free for the same user; contents: confirmed once a terminal session; changes: each confirmed.
 */
export type VerbClass = 'status' | 'contents' | 'changes'

export interface RouteOptions {
  readonly verb: VerbClass
  /** Widens rights: the browser shell asks for the operator passphrase again after 15 minutes. */
  readonly widens?: boolean
}

export interface Route<I extends z.ZodType, O extends z.ZodType> extends RouteOptions {
  readonly kind: 'call'
  readonly input: I
  readonly output: O
}
export interface Stream<P extends z.ZodType> {
  readonly kind: 'event'
  readonly payload: P
}
export type AnyRoute = Route<z.ZodType, z.ZodType>
export type Area = Readonly<Record<string, AnyRoute | Stream<z.ZodType>>>
export type Contract = Readonly<Record<string, Area>>

/** A route: parsed on entry and, so that main cannot leak a field, on exit. */
export function call<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  options: RouteOptions,
): Route<I, O> {
  return { kind: 'call', input, output, ...options }
}
/** Something main tells every open window. */
export function event<P extends z.ZodType>(payload: P): Stream<P> {
  return { kind: 'event', payload }
}

/** Who stands behind a contract call, as the carrier found out; never what the caller says of itself. */
export interface Caller {
  readonly carrier: 'electron' | 'browser' | 'cli'
  /** For people: "window", "browser", "command line (pid 123: zsh ← code)". */
  readonly description: string
  /** Aborts when the caller is gone, where the carrier can tell. */
  readonly signal?: AbortSignal
}

type CallsOf<A extends Area> = { [K in keyof A as A[K] extends AnyRoute ? K : never]: A[K] }
type EventsOf<A extends Area> = { [K in keyof A as A[K] extends Stream<z.ZodType> ? K : never]: A[K] }

/** What main must supply: exactly one handler a route. */
export type Handlers<C extends Contract> = {
  readonly [A in keyof C]: {
    readonly [K in keyof CallsOf<C[A]>]: CallsOf<C[A]>[K] extends Route<infer I, infer O>
      ? (input: z.output<I>, caller: Caller) => Promise<z.input<O>> | z.input<O>
      : never
  }
}

/** What a window or the CLI calls. */
export type Api<C extends Contract> = {
  readonly [A in keyof C]: {
    readonly [K in keyof CallsOf<C[A]>]: CallsOf<C[A]>[K] extends Route<infer I, infer O>
      ? (input: z.input<I>) => Promise<z.output<O>>
      : never
  }
}

/** `approvals.asked` → its payload. */
export type EventMap<C extends Contract> = {
  [N in EventNames<C>]: N extends `${infer A}.${infer K}`
    ? C[A] extends Area
      ? C[A][K] extends Stream<infer P>
        ? z.output<P>
        : never
      : never
    : never
}
export type EventNames<C extends Contract> = {
  [A in keyof C & string]: `${A}.${keyof EventsOf<C[A]> & string}`
}[keyof C & string]

export const nothing = z.void()
