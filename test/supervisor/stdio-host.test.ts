import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { sampleProcess } from '../../main/sandbox/process-tree.ts'
import type { Confinement } from '../../main/sandbox/sandbox.ts'
import { startStdioProcess } from '../../main/supervisor/hosts/stdio-host.ts'
import { LogRing } from '../../main/supervisor/log-ring.ts'

const confined = (change: Partial<Confinement> = {}): Confinement => ({
  argv: [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
  env: {},
  cwd: mkdtempSync(join(tmpdir(), 'gatehouse-stdio-')),
  describe: 'none',
  mayTouch: [],
  guard: () => {},
  deniedHosts: () => [],
  onDeniedHost: () => () => {},
  allowHosts: () => true,
  touchedDecoys: () => [],
  release: async () => {},
  ...change,
})
const full = () => {
  throw new Error('ENOSPC: no space left on device')
}

test('a server ends in good order although what it leaves cannot be cleared', async () => {
  const said: string[] = []
  const ended = Promise.withResolvers<string>()
  const events = { line: () => {}, stderr: (text: string) => said.push(text), ended: ended.resolve }
  const confinement = confined({ release: async () => full() })
  const server = await startStdioProcess(confinement, { watch: () => {}, unwatch: full }, events)
  await server.stop()
  expect(await ended.promise).toBe('it was stopped.')
  expect(said.join('')).toContain('no space left on device')
})

test('a server nobody could watch over does not stay', async () => {
  let pid = 0
  const watch = (started: number) => {
    pid = started
    full()
  }
  const events = { line: () => {}, stderr: () => {}, ended: () => {} }
  await expect(startStdioProcess(confined(), { watch, unwatch: () => {} }, events)).rejects.toThrow('no space left')
  await expect.poll(() => sampleProcess(pid), { timeout: 5000, interval: 20 }).toBeUndefined()
})

test('a server that does not read is full long before it is ended for it, which it is not for 20 messages of 10 MB', async () => {
  const ended = Promise.withResolvers<string>()
  const events = { line: () => {}, stderr: () => {}, ended: ended.resolve }
  const server = await startStdioProcess(confined(), { watch: () => {}, unwatch: () => {} }, events)
  const piece = 'x'.repeat(10_000_000)
  for (let count = 0; count < 20; count++) server.send(piece)
  await expect.poll(() => server.isFull, { timeout: 5000, interval: 20 }).toBe(true)
  expect(await Promise.race([ended.promise, Promise.resolve('it runs')])).toBe('it runs')
  for (let more = 0; more < 10; more++) server.send(piece)
  expect(await ended.promise).toBe('it does not read its input.')
})

test('a log keeps the beginning of an endless line, and not the line', () => {
  const ring = new LogRing(1000, 4000)
  const before = getHeapStatistics().used_heap_size + getHeapStatistics().external_memory
  for (let count = 0; count < 40; count++)
    ring.push([`(printed) ${Buffer.alloc(8_000_000, 97 + (count % 20)).toString('latin1')}`])
  const after = getHeapStatistics().used_heap_size + getHeapStatistics().external_memory
  expect(ring.tail(40)).toHaveLength(40)
  expect(after - before).toBeLessThan(160_000_000)
})
