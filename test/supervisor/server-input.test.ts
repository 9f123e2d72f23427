import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { ServerInput } from '../../main/supervisor/hosts/server-input.ts'

const megabyte = 1024 * 1024
const bounds = { fullBytes: megabyte, stalledMs: 300, patienceMs: 60_000, mostBytes: 64 * megabyte }
/** Reads a piece, then nothing for a while, over and over; says the size of each line. */
const slowly = `console.log('ready')
let size = 0
process.stdin.on('data', (piece) => {
  for (let at = 0, end; at < piece.length; at = end + 1) {
    end = piece.indexOf(10, at)
    if (end < 0) { size += piece.length - at; break }
    console.log(size + end - at)
    size = 0
  }
  process.stdin.pause()
  setTimeout(() => process.stdin.resume(), 15)
})`
const never = 'setInterval(() => {}, 1000)'

let server: ChildProcess & { stdin: Writable; stdout: Readable }
let givenUp: number
function inputOf(program: string, change: Partial<typeof bounds> = {}): ServerInput {
  givenUp = 0
  server = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }) as typeof server
  server.stdin.on('error', () => {})
  return new ServerInput(server.stdin, () => givenUp++, { ...bounds, ...change })
}
afterEach(async () => {
  server.kill('SIGKILL')
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
})

describe('what waits for a server', () => {
  it('that reads slowly and steadily comes whole and in order, and is never too much, however long it takes', async () => {
    const boundMs = 2500
    const input = inputOf(slowly, { stalledMs: boundMs, patienceMs: boundMs })
    const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
    expect(await lines.next()).toMatchObject({ value: 'ready' })
    const sizes = [5, 9 * megabyte, 0, ...Array.from({ length: 6 }, (_, each) => megabyte + each)]
    for (const size of sizes) input.send('x'.repeat(size))
    const startedMs = performance.now()
    const read: number[] = []
    const stalled: boolean[] = []
    const look = setInterval(() => stalled.push(input.isStalled), 20)
    while (read.length < sizes.length) read.push(Number((await lines.next()).value))
    clearInterval(look)
    expect(read).toEqual(sizes)
    expect(performance.now() - startedMs).toBeGreaterThan(boundMs)
    expect(new Set(stalled)).toEqual(new Set([false]))
    expect(givenUp).toBe(0)
  })

  it('keeps characters of several bytes whole across its pieces, and closes after the last of them', async () => {
    const input = inputOf('process.stdin.pipe(process.stdout)')
    const text = '€'.repeat(300_000)
    input.send(text)
    input.end()
    let back = ''
    for await (const piece of server.stdout.setEncoding('utf8')) back += piece
    expect(back).toBe(`${text}\n`)
  })

  it('that reads nothing is too much after a while, and given up only after a long one', async () => {
    const input = inputOf(never, { patienceMs: 900 })
    const startedMs = performance.now()
    input.send('x'.repeat(2 * megabyte))
    await expect.poll(() => input.isStalled, { timeout: 5000, interval: 10 }).toBe(true)
    expect(performance.now() - startedMs).toBeGreaterThan(290)
    await expect.poll(() => givenUp, { timeout: 5000, interval: 10 }).toBe(1)
    expect(performance.now() - startedMs).toBeGreaterThan(890)
  })

  it('that reads nothing of a little is waited for', async () => {
    const input = inputOf(never, { stalledMs: 0, patienceMs: 0 })
    input.send('x'.repeat(megabyte / 2))
    await new Promise(setImmediate)
    expect(input.isStalled).toBe(false)
    expect(givenUp).toBe(0)
  })

  it('is bounded: it is given up at once with more than may ever wait', () => {
    const input = inputOf(never)
    for (let count = 0; count < 7; count++) input.send('x'.repeat(9 * megabyte))
    expect(givenUp).toBe(0)
    input.send('x'.repeat(9 * megabyte))
    expect(givenUp).toBe(1)
  })
})
