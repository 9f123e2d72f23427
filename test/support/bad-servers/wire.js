/** The least a server needs to speak MCP 2025-11-25 over its pipes; the bad servers build on it and then misbehave. */
import { createInterface } from 'node:readline'

export const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
export const answer = (id, result) => say({ id, result })

/** @param handlers by method: `(params, id) => result`, or undefined when it answers itself or never */
export function serve(handlers) {
  const known = {
    initialize: (params) => ({
      protocolVersion: params.protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: 'bad', version: '1' },
    }),
    ...handlers,
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line)
    if (id === undefined || method === undefined) return known[method ?? 'answered']?.(params)
    if (known[method] === undefined) return say({ id, error: { code: -32601, message: 'Method not found' } })
    const result = known[method](params, id)
    if (result !== undefined) answer(id, result)
  })
}

export const text = (value) => ({ content: [{ type: 'text', text: String(value) }] })
export const tool = (name, more = {}) => ({
  name,
  description: `does ${name}`,
  inputSchema: { type: 'object' },
  ...more,
})
