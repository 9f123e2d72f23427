import type { Reply } from '../../shared/domain/call.ts'
import { serverFailed } from '../../shared/errors.ts'
import type { Equipped } from '../kernel/exchange.ts'

/** A process that serves one call and is wiped with all it left (level 4). */
export type OneCall = `call-${string}`
export const isOneCall = (instance: string): instance is OneCall => instance.startsWith('call-')
export const instanceFor = (call: Equipped): OneCall => `call-${call.callId}`

/** @throws server.failed for what only a process that stays could do */
export function refuseLasting({ method, server }: Equipped): void {
  if (method !== 'resources/subscribe' && method !== 'resources/unsubscribe') return
  throw serverFailed(server.name, 'it keeps nothing between calls (sandbox level 4), so it cannot watch a resource.')
}

/** Says in a tool's result that what it changed was thrown away: the model would otherwise build upon it. */
export function withDiscarded(reply: Reply, method: Equipped['method'], changedFiles: number): Reply {
  if (changedFiles === 0 || method !== 'tools/call' || reply.kind !== 'result') return reply
  const content = Array.isArray(reply.result.content) ? reply.result.content : []
  const files = changedFiles === 1 ? '1 file' : `${changedFiles} files`
  const text = `Note from Gatehouse: this server works on a temporary copy (sandbox level 4). It changed ${files} of the copy; these changes were discarded, nothing on disk changed.`
  return { ...reply, result: { ...reply.result, content: [...content, { type: 'text', text }] } }
}
