import { electronTransport } from './electron-transport.ts'
import { socketTransport } from './socket-transport.ts'

/**
 * The two ways to main: Electron's preload, or the browser shell's WebSocket. Carries messages and says whether it is connected;
 * it does not look inside them and decides nothing.
 */
export interface Transport {
  readonly shell: 'electron' | 'browser'
  readonly call: (channel: string, input: unknown) => Promise<Answer>
  readonly on: (channel: string, listener: (payload: unknown) => void) => () => void
  /** Calls `listener` at once with the present state and then with each change. */
  readonly onConnection: (listener: (connection: Connection) => void) => () => void
  /** Proves the person's presence again, where the shell asks for it. */
  readonly confirm: (passphrase: string) => Promise<Confirmation>
}

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: AnswerError }

export interface AnswerError {
  readonly code: string
  readonly params: Readonly<Record<string, string>>
  /** In the person's language, as main says it. */
  readonly sentence: string
}

export type Connection = 'connecting' | 'connected' | 'lost' | 'signed-out' | 'locked'

/** `sentence` may be empty when the shell gave none. */
export type Confirmation = { readonly confirmed: true } | { readonly confirmed: false; readonly sentence: string }

/** The preload's bridge when there is one, else the browser shell that served this page. */
export function openTransport(page: Window): Transport {
  return page.gatehouse ? electronTransport(page.gatehouse) : socketTransport(page.location)
}
