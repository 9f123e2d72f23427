import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A server of one tool written into a folder, which notes every start and every call beside it. Plain Node, no packages. */
export class ChangingServer {
  readonly file: string
  readonly #notes: string

  constructor(
    readonly folder: string,
    description = 'Adds two numbers.',
    tool = 'add',
  ) {
    mkdirSync(folder, { recursive: true })
    this.file = join(folder, 'server.js')
    this.#notes = join(folder, 'notes.txt')
    writeFileSync(this.#notes, '')
    this.write(description, tool)
  }

  /** @param more text of a program that runs when it starts; it may add to `offers` what lists are to answer, by kind */
  write(description: string, tool = 'add', more = ''): void {
    const definition = { name: tool, description, inputSchema: { type: 'object', properties: {} } }
    writeFileSync(this.file, program(this.#notes, JSON.stringify([definition]), more))
  }

  /** What it did: `start`, `call NAME`, `prompt NAME`, `read URI`, in order. */
  get did(): string[] {
    return readFileSync(this.#notes, 'utf8').split('\n').filter(Boolean)
  }
}

const program = (notes: string, tools: string, more: string) => `
const { appendFileSync } = require('node:fs')
const note = (what) => appendFileSync(${JSON.stringify(notes)}, what + '\\n')
note('start')
const offers = { tools: ${tools} }
${more}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const say = (answer) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
  if (id === undefined) return
  if (method === 'initialize') {
    const capabilities = Object.fromEntries(Object.keys(offers).map((kind) => [kind, {}]))
    return say({ result: { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 's', version: '1' } } })
  }
  const listed = method.replace('/list', '')
  if (offers[listed]) return say({ result: { [listed]: offers[listed] } })
  if (method === 'tools/call') {
    note('call ' + params.name)
    return say({ result: { content: [{ type: 'text', text: 'done' }] } })
  }
  if (method === 'prompts/get') {
    note('prompt ' + params.name)
    return say({ result: { messages: [{ role: 'user', content: { type: 'text', text: 'done' } }] } })
  }
  if (method === 'resources/read') {
    note('read ' + params.uri)
    return say({ result: { contents: [{ uri: params.uri, text: 'done' }] } })
  }
  say({ error: { code: -32601, message: 'unknown' } })
})
`
