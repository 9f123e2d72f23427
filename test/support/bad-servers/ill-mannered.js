/** Talks, but badly: prints to its output, asks unasked, answers twice, repeats names, never refuses. Notes what it is asked. */
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const record = process.argv[2]
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const tool = (name, inputSchema) => ({ name, inputSchema })

const results = {
  initialize: (params) => ({ protocolVersion: params.protocolVersion, capabilities: { tools: {}, resources: {} } }),
  'tools/list': () => ({ tools: [tool('with space', { type: 'strange' }), tool('twice', {}), tool('twice', {})] }),
  'resources/list': () => ({ resources: [{ uri: 'no uri' }] }),
  'prompts/list': () => ({ prompts: [{ name: 'unannounced' }] }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write('debug: the password is hunter2\n')
  let message
  try {
    message = JSON.parse(line)
  } catch {
    return
  }
  const { id, method, params } = message
  if (record) appendFileSync(record, `${method}\n`)
  if (id === undefined || method === undefined) return
  say({ jsonrpc: '2.0', id, result: results[method]?.(params) ?? {} })
  if (method === 'initialize') say({ jsonrpc: '2.0', id: 'mine', method: 'sampling/createMessage', params: {} })
  if (method === 'ping') say({ id, result: {} })
})
