import { contextBridge, ipcRenderer } from 'electron'

/** Turns the contract into `window.gatehouse`: two functions, no logic. What may be called and who may call is decided in main. */
type Listener = (payload: unknown) => void
const listeners = new Map<string, Set<Listener>>()

ipcRenderer.on('gatehouse:event', (_event, text: string) => {
  const { event, payload } = JSON.parse(text) as { event: string; payload: unknown }
  for (const listener of listeners.get(event) ?? []) listener(payload)
})

contextBridge.exposeInMainWorld('gatehouse', {
  shell: 'electron',
  call: (channel: string, input: unknown) => ipcRenderer.invoke('gatehouse:call', channel, input),
  on: (channel: string, listener: Listener) => {
    const set = listeners.get(channel) ?? new Set()
    listeners.set(channel, set.add(listener))
    return () => set.delete(listener)
  },
})
