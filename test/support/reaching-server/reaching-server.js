// A server that reaches out: `fetch` asks an address, `dial` opens a connection. Plain JSON lines, no SDK.
import { get } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const schema = {
  type: 'object',
  properties: { url: { type: 'string' }, host: { type: 'string' }, port: { type: 'number' } },
}
const tools = ['fetch', 'dial'].map((name) => ({ name, description: name, inputSchema: schema }))

/** By the proxy itself: Node's own fetch hides what the proxy answered. */
const fetched = (url) =>
  new Promise((done) => {
    const proxy = new URL(process.env.HTTP_PROXY)
    const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
    const headers = { host: new URL(url).host, 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }
    const asked = get({ host: proxy.hostname, port: proxy.port, path: url, headers })
    asked.on('response', (answer) => answer.resume().on('end', () => done(`answered ${answer.statusCode}`)))
    asked.on('error', (error) => done(`failed ${error.code}`))
  })
const dialled = (host, port) =>
  new Promise((done) => {
    const socket = connect({ host, port })
    let heard = ''
    socket.on('data', (data) => {
      heard += data
      socket.end()
    })
    socket.on('error', (error) => done(error.code))
    socket.on('close', () => done(`heard ${heard}`))
  })

async function answer({ method, params }) {
  if (method === 'initialize')
    return {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'reaching', version: '1' },
    }
  if (method === 'tools/list') return { tools }
  if (method !== 'tools/call') return {}
  const { url, host, port } = params.arguments
  const text = params.name === 'fetch' ? await fetched(url) : await dialled(host, port)
  return {
    content: [{ type: 'text', text }],
    structuredContent: { text, pid: process.pid, started: performance.timeOrigin },
  }
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const message = JSON.parse(line)
  if (message.id === undefined) return
  if (message.method === 'server/discover')
    return console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } }))
  console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: await answer(message) }))
})
