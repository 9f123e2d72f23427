import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AskPerson, ControlShell } from '../../../main/shells/control/control-shell.ts'
import { aQuestion, aShellWorld, passphrase } from '../shell-world.ts'

interface Message {
  id?: number
  ok?: boolean
  waiting?: boolean
  value?: unknown
  error?: { code: string; sentence: string }
  event?: string
  payload?: Record<string, unknown>
  open?: string
  refused?: { code: string }
}

let folder: string
const closing: (() => unknown)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-control-'))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(folder, { recursive: true, force: true })
})

async function aControl(options: { operatorSet?: boolean; askPerson?: AskPerson } = {}) {
  const world = aShellWorld(options)
  const shell = new ControlShell({
    handlers: world.handlers,
    events: world.events,
    operator: world.operator,
    runFolder: folder,
    askPerson: () => options.askPerson,
    log: { error: (fields) => expect.fail(JSON.stringify(fields)) },
  })
  const server: Server = createServer((socket) => {
    socket.once('data', (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a)
      shell.accept(socket, chunk.subarray(0, end).toString(), chunk.subarray(end + 1))
    })
  })
  const path = join(folder, 'kernel.sock')
  server.listen(path)
  await once(server, 'listening')
  closing.push(() => server.close())
  return { ...world, path }
}

/** A command line over the socket. `claims` is the process id it says it has. */
async function aTerminal(path: string, { prove = true, claims = process.pid } = {}) {
  const socket: Socket = connect(path)
  closing.push(() => socket.destroy())
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const next = async (): Promise<Message> => JSON.parse(String((await lines.next()).value))
  const send = (value: object) => socket.write(`${JSON.stringify(value)}\n`)
  send({ gatehouse: 'control', v: 1, pid: claims })
  const hello = await next()
  if (prove && hello.open) {
    const fd = openSync(hello.open, 'r')
    closing.push(() => closeSync(fd))
    send({ opened: true })
  }
  let lastId = 0
  const ask = async (channel: string, input?: unknown, given?: string): Promise<Message> => {
    const id = ++lastId
    send({ id, channel, input, passphrase: given })
    return await next()
  }
  return { socket, send, next, ask, hello }
}

describe('the control socket', () => {
  it('answers status verbs freely', async () => {
    const { path } = await aControl()
    const terminal = await aTerminal(path)
    expect(await terminal.ask('system.status')).toMatchObject({ id: 1, ok: true, value: { ready: true } })
  })

  it('takes requests that came together with the first line', async () => {
    const { path } = await aControl()
    const socket = connect(path)
    closing.push(() => socket.destroy())
    socket.write(`{"gatehouse":"control","v":1,"pid":1}\n{"id":5,"channel":"system.status"}\n`)
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    await lines.next()
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ id: 5, ok: true })
  })

  it.each([
    ['approvals.decide', { id: 'ap_call', decision: 'allow' }],
    ['approvals.decide', { id: 'ap_call', decision: 'allow', scope: 'tool' }],
    ['permissions.allow', { tool: '*' }],
    ['secrets.set', { server: 'x', name: 'TOKEN', value: 'v' }],
    ['servers.disable', { name: 'x' }],
    ['system.setOperator', { passphrase: 'my very own one' }],
    ['servers.logs', { name: 'x' }],
    ['audit.export', { format: 'jsonl' }],
    ['approvals.show', { id: 'ap_call' }],
    ['approvals.pending', undefined],
    ['tools.call', { name: 'x__y' }],
  ])('does not run %s without the passphrase', async (channel, input) => {
    const { path, seen } = await aControl()
    const terminal = await aTerminal(path)
    expect(await terminal.ask(channel, input)).toMatchObject({ ok: false, error: { code: 'operator.required' } })
    expect(await terminal.ask(channel, input, 'a guess')).toMatchObject({
      ok: false,
      error: { code: 'operator.wrong' },
    })
    expect(seen).toEqual([])
  })

  it('runs a change with the passphrase, and asks for it again for the next', async () => {
    const { path, seen } = await aControl()
    const terminal = await aTerminal(path)
    expect(await terminal.ask('approvals.decide', { id: 'ap_call', decision: 'allow' }, passphrase)).toMatchObject({
      ok: true,
    })
    expect(seen).toHaveLength(1)
    expect(seen[0]?.caller.description).toContain(`pid ${process.pid}`)
    expect(await terminal.ask('approvals.decide', { id: 'ap_call', decision: 'allow' })).toMatchObject({
      error: { code: 'operator.required' },
    })
  })

  it('shows contents again to the same terminal session once confirmed, also over a new connection', async () => {
    const { path } = await aControl()
    const terminal = await aTerminal(path)
    expect(await terminal.ask('servers.logs', { name: 'x' }, passphrase)).toMatchObject({ ok: true })
    expect(await terminal.ask('servers.logs', { name: 'x' })).toMatchObject({ ok: true })
    expect(await (await aTerminal(path)).ask('audit.export', { format: 'jsonl' })).toMatchObject({ ok: true })
    expect(await terminal.ask('servers.disable', { name: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
  })

  it('does not take a connection’s word for its process id', async () => {
    const { path } = await aControl()
    const confirmed = await aTerminal(path)
    await confirmed.ask('servers.logs', { name: 'x' }, passphrase)
    const unproven = await aTerminal(path, { prove: false })
    expect(await unproven.ask('servers.logs', { name: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
    const sleeper = spawn('sleep', ['60'])
    closing.push(() => sleeper.kill())
    const impostor = await aTerminal(path, { claims: sleeper.pid ?? 0 })
    expect(await impostor.ask('servers.logs', { name: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
  })

  it('confirms contents each time for a process it cannot prove', async () => {
    const { path } = await aControl()
    const terminal = await aTerminal(path, { prove: false })
    expect(await terminal.ask('servers.logs', { name: 'x' }, passphrase)).toMatchObject({ ok: true })
    expect(await terminal.ask('servers.logs', { name: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
  })

  it('throttles guesses over all connections together', async () => {
    const { path, operator } = await aControl()
    const codes: (string | undefined)[] = []
    for (let guess = 0; guess < 12; guess++) {
      const terminal = await aTerminal(path)
      codes.push((await terminal.ask('servers.disable', { name: 'x' }, `guess ${guess}`)).error?.code)
    }
    expect(codes.filter((code) => code === 'operator.wrong')).toHaveLength(5)
    expect(codes.filter((code) => code === 'operator.throttled')).toHaveLength(7)
    expect(operator.tried).toBe(5)
  })

  it('asks in the window when there is one, showing verb, details and program, and hiding secrets', async () => {
    const asked: Parameters<AskPerson>[0][] = []
    const { path, seen } = await aControl({
      askPerson: async (question) => {
        asked.push(question)
        return question.verb === 'secrets set'
      },
    })
    const terminal = await aTerminal(path)
    expect(await terminal.ask('secrets.set', { server: 'x', name: 'TOKEN', value: 'v3ry' })).toEqual({
      id: 1,
      waiting: true,
    })
    expect(await terminal.next()).toMatchObject({ id: 1, ok: true })
    expect(asked[0]).toMatchObject({
      verb: 'secrets set',
      details: ['server: x', 'name: TOKEN', 'value: (hidden)'],
      program: { pid: process.pid },
    })
    await terminal.ask('servers.disable', { name: 'x' })
    expect(await terminal.next()).toMatchObject({ id: 2, ok: false, error: { code: 'operator.declined' } })
    expect(seen.map((call) => call.channel)).toEqual(['secrets.set'])
  })

  it('takes the question back when the command line goes away', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    const { path } = await aControl({
      askPerson: ({ signal }) => {
        asked.resolve(signal)
        return new Promise(() => undefined)
      },
    })
    const terminal = await aTerminal(path)
    await terminal.ask('servers.disable', { name: 'x' })
    const signal = await asked.promise
    const aborted = once(signal, 'abort')
    terminal.socket.destroy()
    await aborted
  })

  it('lets a question be answered from the command line only with the passphrase, also while a window is open', async () => {
    const { path, seen } = await aControl({ askPerson: async () => true })
    const terminal = await aTerminal(path)
    const allow = { id: 'ap_call', decision: 'allow' }
    expect(await terminal.ask('approvals.decide', allow)).toMatchObject({ error: { code: 'operator.required' } })
    expect(seen).toEqual([])
    expect(await terminal.ask('approvals.decide', allow, passphrase)).toMatchObject({ ok: true })
  })

  it('does not let a program without a terminal set the first passphrase', async () => {
    const { path, seen } = await aControl({ operatorSet: false })
    const terminal = await aTerminal(path, { prove: false })
    expect(await terminal.ask('system.setOperator', { passphrase: 'its very own' })).toMatchObject({
      error: { code: 'operator.unset' },
    })
    expect(seen).toEqual([])
  })

  it('tells subscribers of questions without their arguments', async () => {
    const { path, events } = await aControl()
    const terminal = await aTerminal(path)
    terminal.send({ subscribe: true })
    await terminal.ask('system.status')
    events.emit('approvals.asked', aQuestion('ap_9', 'call') as never)
    const told = await terminal.next()
    expect(told).toMatchObject({ event: 'approvals.asked', payload: { id: 'ap_9', tool: 'filesystem__write_file' } })
    expect(JSON.stringify(told)).not.toContain('secret words')
  })

  it('ends a connection that does not speak its protocol, with a reason', async () => {
    const { path } = await aControl()
    const terminal = await aTerminal(path)
    terminal.socket.write('GET / HTTP/1.1\n')
    expect(await terminal.next()).toMatchObject({ refused: { code: 'input.invalid' } })
    await once(terminal.socket, 'close')
  })

  it('leaves no challenge behind', async () => {
    const { path } = await aControl()
    const proven = await aTerminal(path)
    const unproven = await aTerminal(path, { prove: false })
    await proven.ask('system.status')
    unproven.socket.end()
    await once(unproven.socket, 'close')
    await proven.ask('system.status')
    expect((await readdir(folder)).filter((name) => name.startsWith('who-'))).toEqual([])
  })
})
