/** Lies about ids, lists and schemas, one way a tool; `--pages` never ends its list. */
import { answer, say, serve, text, tool } from './wire.js'

const raw = (bytes) => process.stdout.write(bytes)
const loop = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, properties: { x: { $ref: '#/$defs/a' } } }
const tree = {
  $ref: '#/$defs/node',
  $defs: { node: { type: 'object', additionalProperties: { $ref: '#/$defs/node' } } },
}

const odd = [
  tool('not-a-schema', { inputSchema: { type: 'nonsense', properties: 5 } }),
  tool('schema-is-text', { inputSchema: 'anything' }),
  tool('circular', { inputSchema: { type: 'object', ...loop } }),
  tool('tree', { inputSchema: tree }),
  tool('foreign-ref', { inputSchema: { type: 'object', $ref: 'http://127.0.0.1:1/schema.json' } }),
  tool('bell\u0007\u001b[31m\nname\u202e'),
  tool('twice', { description: 'the first' }),
  tool('twice', { description: 'the second' }),
  tool(''),
  { ...tool('x'), name: 7 },
  { ...tool('x'), name: { toString: 'x' } },
  tool('l'.repeat(5000)),
  null,
  'a text',
]

const tools = {
  ids: (_params, id) => {
    for (const wrong of [999_999, -1, 1.5, 'x', null, [], {}, `${id} `]) answer(wrong, text('wrong id'))
    say({ result: text('no id') })
    answer(id, text('right'))
    answer(id, text('again, otherwise'))
    for (let next = 1; next < 50; next++) answer(id + next, text('before you asked'))
  },
  both: (_params, id) => say({ id, result: text('a result'), error: { code: -1, message: 'and an error' } }),
  neither: (_params, id) => say({ id }),
  'result-is-text': (_params, id) => say({ id, result: 'just a text' }),
  'error-is-text': (_params, id) => say({ id, error: 'just a text' }),
  'invalid-utf8': (_params, id) => {
    raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`)
    raw(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x62]))
    raw('"}]}}\n')
  },
  huge: (_params, id) => {
    raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`)
    const piece = Buffer.alloc(1024 * 1024, 0x78)
    for (let sent = 0; sent < 100; sent++) raw(piece)
    raw('"}]}}\n')
  },
  deep: (_params, id) =>
    raw(`{"jsonrpc":"2.0","id":${id},"result":{"content":${'['.repeat(100_000)}${']'.repeat(100_000)}}}\n`),
  progress: (params, id) => {
    const { progressToken } = params._meta ?? {}
    for (const token of [progressToken, 424_242, 'other', null, {}])
      say({ method: 'notifications/progress', params: { progressToken: token, progress: 'much', total: {} } })
    answer(id, text('done'))
  },
  asks: (_params, id) => {
    for (let count = 0; count < 200; count++) say({ id: `q${count}`, method: 'sampling/createMessage', params: {} })
    say({ id: 'bad', method: 'roots/list', params: 'no object' })
    answer(id, text('asked'))
  },
  batch: (_params, id) => {
    const many = Array.from({ length: 10_000 }, () => ({ jsonrpc: '2.0', id: 999_999, result: {} }))
    raw(`${JSON.stringify([...many, { jsonrpc: '2.0', id, result: text('in a batch') }])}\n`)
  },
}

let page = 0
serve({
  'tools/list': () =>
    process.argv.includes('--pages')
      ? { tools: [tool(`page-${page}`)], nextCursor: `after ${page++}` }
      : { tools: [...Object.keys(tools).map((name) => tool(name)), ...(process.argv.includes('--odd') ? odd : [])] },
  'tools/call': (params, id) => (tools[params.name] ? tools[params.name](params, id) : text(`called ${params.name}`)),
})
