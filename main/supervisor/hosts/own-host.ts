import type { Reply } from '../../../shared/domain/call.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { entryUnknown } from '../../../shared/errors.ts'
import type { Equipped } from '../../kernel/exchange.ts'

/** Gatehouse's own tools, by their own names: `explain_refusal`, `capabilities` … The text is what the model reads. */
export type OwnTools = Readonly<
  Record<string, (call: Equipped) => Promise<{ readonly text: string; readonly structured?: JsonObject }>>
>

/**
 * Answers calls of the server `gatehouse` in this process.
 * @throws catalog.unknown for a tool nobody supplied
 */
export async function callOwnTool(call: Equipped, tools: OwnTools): Promise<Reply> {
  const tool = Object.hasOwn(tools, call.entry.ownName) ? tools[call.entry.ownName] : undefined
  if (call.method !== 'tools/call' || tool === undefined) throw entryUnknown(call.entry.name)
  const { text, structured } = await tool(call)
  return {
    kind: 'result',
    result: {
      content: [{ type: 'text', text }],
      ...(structured === undefined ? {} : { structuredContent: structured }),
    },
  }
}
