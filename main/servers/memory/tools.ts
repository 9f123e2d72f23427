import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server'
import {
  type MemoryTool,
  type MemoryToolName,
  memoryAnswer,
  memoryTools,
} from '../../../shared/contract/memory-tools.ts'
import { failed, fromOutside, referenceIn } from './answers.ts'
import { askedBefore, type Era } from './asking.ts'
import type { Engine } from './engine.ts'

/** The nine of `@modelcontextprotocol/server-memory` say which part of their result is the text. */
const textOf: Partial<Record<MemoryToolName, (result: Record<string, unknown>) => string>> = {
  create_entities: ({ entities }) => written(entities),
  create_relations: ({ relations }) => written(relations),
  add_observations: ({ results }) => written(results),
  delete_entities: ({ message }) => String(message),
  delete_observations: ({ message }) => String(message),
  delete_relations: ({ message }) => String(message),
}
const written = (value: unknown) => JSON.stringify(value, null, 2)

type Did = Pick<Engine, 'run' | 'prepare'>

export function registerTools(server: McpServer, engine: Did, era: Era): void {
  for (const [name, tool] of Object.entries(memoryTools) as [MemoryToolName, MemoryTool][]) {
    const { title, description, input, output, does, idempotent } = tool
    const annotations = {
      readOnlyHint: does === 'read',
      destructiveHint: does === 'delete',
      idempotentHint: idempotent,
      openWorldHint: false,
    }
    server.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output, annotations },
      async (_given: unknown, ctx: ServerContext) => {
        const asked = name === 'learn' ? await askedBefore(engine, ctx, era) : {}
        if ('instead' in asked) return asked.instead
        return answered(() => engine.run(referenceIn(ctx.mcpReq._meta), asked.found), textOf[name] ?? written)
      },
    )
  }
}

async function answered(
  run: () => Promise<unknown>,
  text: (result: Record<string, unknown>) => string,
): Promise<CallToolResult> {
  try {
    const { result, labels } = memoryAnswer.parse(await run())
    const note = labels.includes('untrusted') ? [{ type: 'text' as const, text: fromOutside }] : []
    return { content: [{ type: 'text', text: text(result) }, ...note], structuredContent: result }
  } catch (error) {
    return failed(error)
  }
}
