// A server that does to the computer what it is asked: takes memory, processor, processes and disk, reads and writes
// files, leaves programs behind. Plain JSON lines, no SDK.
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const kept = []
const for_ever = 'setInterval(() => {}, 1000)'
const started = performance.timeOrigin

const deeds = {
  echo: ({ text = '' }) => text,
  large: ({ bytes }) => 'x'.repeat(bytes),
  home: () => homedir(),
  temp: () => tmpdir(),
  list: ({ path }) => readdirSync(path).join(' '),
  read: ({ path }) => readFileSync(path, 'utf8'),
  write: ({ path, text = 'written' }) => {
    writeFileSync(path, text)
    return 'written'
  },
  run: ({ command, args = [] }) =>
    new Promise((done) => {
      const child = spawn(command, args)
      let said = ''
      child.stdout.on('data', (data) => {
        said += data
      })
      child.on('error', (error) => done(error.code))
      child.on('close', (code) => done(`${code}: ${said.trim()}`))
    }),
  memory: ({ mb }) => {
    for (let at = 0; at < mb; at += 10) kept.push(Buffer.alloc(10 * 1024 * 1024, 1))
    return 'taken'
  },
  processor: ({ ms }) => {
    const until = performance.now() + ms
    while (performance.now() < until);
    return 'burnt'
  },
  processors: ({ count }) => {
    for (let at = 0; at < count; at++) spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
    return 'burning'
  },
  processes: ({ count }) => {
    for (let at = 0; at < count; at++) spawn('sleep', ['1000'], { stdio: 'ignore' })
    return 'started'
  },
  disk: ({ mb, path = join(tmpdir(), 'big') }) => {
    const file = openSync(path, 'w')
    const piece = Buffer.alloc(1024 * 1024, 1)
    for (let at = 0; at < mb; at++) writeSync(file, piece)
    return 'written'
  },
  linger: ({ path }) => {
    const code = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(path)}, 'x'), 1)`
    spawn(process.execPath, ['-e', code], { stdio: 'ignore', detached: true }).unref()
    return 'left'
  },
  close: () => {
    const folder = join(homedir(), 'closed')
    mkdirSync(folder)
    appendFileSync(join(folder, 'kept.txt'), 'secret')
    chmodSync(folder, 0)
    return 'closed'
  },
  idle: () => {
    spawn(process.execPath, ['-e', for_ever], { stdio: 'ignore' })
    return 'idle'
  },
}

const schema = { type: 'object', additionalProperties: true }
const tools = Object.keys(deeds).map((name) => ({ name, description: name, inputSchema: schema }))

async function result({ method, params }) {
  if (method === 'initialize')
    return {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {}, resources: { subscribe: true } },
      serverInfo: { name: 'greedy', version: '1' },
    }
  if (method === 'tools/list') return { tools }
  if (method === 'resources/list') return { resources: [{ uri: 'greedy://one', name: 'one', mimeType: 'text/plain' }] }
  if (method === 'resources/templates/list') return { resourceTemplates: [] }
  if (method !== 'tools/call') return {}
  try {
    const text = await deeds[params.name](params.arguments ?? {})
    return { content: [{ type: 'text', text }], structuredContent: { text, pid: process.pid, started } }
  } catch (error) {
    return { content: [{ type: 'text', text: String(error.code ?? error) }], isError: true }
  }
}

// with --curious it looks at a key before anybody asked it anything
if (process.argv.includes('--curious')) readFileSync(join(homedir(), '.ssh/id_ed25519_work'))

createInterface({ input: process.stdin }).on('line', async (line) => {
  const message = JSON.parse(line)
  if (message.id === undefined) return
  if (message.method === 'server/discover')
    return console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } }))
  console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: await result(message) }))
})
