import { ipcMain } from 'electron'
import type { GatehouseEventName } from '../../../shared/contract/contract.ts'
import { contract } from '../../../shared/contract/contract.ts'
import type { Caller } from '../../../shared/contract/define.ts'
import type { Events } from '../../events/events.ts'
import type { Answer, ContractServer } from '../serve-contract.ts'
import { eventText } from '../serve-contract.ts'
import { isOwnPage } from './sender.ts'
import type { Windows } from './windows.ts'

const caller: Caller = { carrier: 'electron', description: 'window' }
const stranger: Answer = {
  ok: false,
  error: { code: 'operator.required', params: {}, sentence: 'This page may not speak to Gatehouse.' },
}

/** The window's one way in: `gatehouse:call`. Only the top frame of our own page is heard (Electron security checklist, 17). */
export function serveIpc(server: ContractServer<Caller>, windows: Windows): void {
  ipcMain.handle('gatehouse:call', async (event, channel: unknown, input: unknown): Promise<Answer> => {
    const own = windows.all().map(({ webContents }) => webContents)
    if (!isOwnPage(event, own) || typeof channel !== 'string') return stranger
    return server.dispatch(channel, input, caller)
  })
}

/** Tells every open window what happens; only fields the contract names leave. */
export function forwardEvents(events: Events, windows: Windows): () => void {
  return events.onAny((name: GatehouseEventName, payload) => {
    const text = eventText(contract, name, payload)
    if (text === undefined) return
    for (const window of windows.all()) window.webContents.send('gatehouse:event', text)
  })
}
