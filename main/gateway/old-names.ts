import type { JsonObject } from '../../shared/domain/json.ts'

type Params = Readonly<Record<string, unknown>>

/** Method names from before MCP had a first revision, and how their parameters are said today. */
const today: Readonly<Record<string, (params: Params) => { readonly method: string; readonly params: Params }>> = {
  execute_tool: ({ tool_name, tool_arguments, ...others }) => ({
    method: 'tools/call',
    params: { ...others, name: others.name ?? tool_name, arguments: others.arguments ?? tool_arguments ?? {} },
  }),
  list_tools: (params) => ({ method: 'tools/list', params }),
  get_resource: ({ resource_uri, ...others }) => ({
    method: 'resources/read',
    params: { ...others, uri: others.uri ?? resource_uri },
  }),
  list_resources: (params) => ({ method: 'resources/list', params }),
}

/** @returns the same request under today's names; undefined for one that has them, or is none */
export function underTodaysNames<T>(message: T): T | undefined {
  const { method, params } = (message ?? {}) as { method?: unknown; params?: JsonObject }
  if (typeof method !== 'string') return undefined
  if (Object.hasOwn(today, method)) return { ...message, ...today[method]?.(params ?? {}) }
  if (method !== 'tools/call' || params?.tool_name === undefined) return undefined
  return { ...message, ...today.execute_tool?.(params) }
}
