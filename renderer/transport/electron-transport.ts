import type { Answer, Transport } from './transport.ts'

/** What the preload exposes. */
export interface GatehouseBridge {
  readonly shell: 'electron'
  call(channel: string, input: unknown): Promise<Answer>
  on(channel: string, listener: (payload: unknown) => void): () => void
}

declare global {
  interface Window {
    readonly gatehouse?: GatehouseBridge
  }
}

/** Electron's own channel: the app and its window live and die together, so it is always connected. */
export function electronTransport(bridge: GatehouseBridge): Transport {
  return {
    shell: 'electron',
    call: (channel, input) => bridge.call(channel, input),
    on: (channel, listener) => bridge.on(channel, listener),
    onConnection: (listener) => {
      listener('connected')
      return () => undefined
    },
    confirm: async () => ({ confirmed: false, sentence: '' }),
  }
}
