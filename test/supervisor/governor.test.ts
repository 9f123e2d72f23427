import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ProcessSample } from '../../main/sandbox/process-tree.ts'
import { Governor } from '../../main/supervisor/governor/governor.ts'
import { ProcessMeter } from '../../main/supervisor/governor/measure.ts'
import { bytesIn, networkUse } from '../../main/supervisor/governor/network-use.ts'
import { brokenQuota, quotas, shareUsed } from '../../main/supervisor/governor/quotas.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { aClock } from './a-clock.ts'

const mb = 1024 ** 2
const notes = 'notes' as ServerName

const sample = (pid: number, parent: number, more: Partial<ProcessSample> = {}): ProcessSample => ({
  pid,
  parent,
  group: pid,
  session: pid,
  startTicks: pid,
  cpuTicks: 0,
  threads: 1,
  residentBytes: 10 * mb,
  ...more,
})

describe('measuring', () => {
  it('adds up a tree, also what left the process group, and nobody else’s', () => {
    let ticks = 0
    const meter = new ProcessMeter(
      () => [
        sample(10, 1, { cpuTicks: ticks }),
        sample(11, 10, { cpuTicks: ticks }),
        sample(12, 11, { group: 12 }),
        sample(99, 1, { cpuTicks: ticks * 50 }),
      ],
      (pid) => ({ readBytes: pid === 12 ? ticks * mb : 0, writtenBytes: 0 }),
    )
    const roots = new Map([[notes, [10]]])
    expect(meter.measure(roots, 0).together.get(notes)).toMatchObject({ cpu: 0, memoryBytes: 30 * mb, processes: 3 })
    ticks = 100
    expect(meter.measure(roots, 10_000).together.get(notes)).toMatchObject({ cpu: 0.2, readBytes: 10 * mb })
  })

  it('counts each network of a server’s own once, however many processes are in it, and none where it shares ours', () => {
    let bytes = 1_000
    const own = { readBytes: 0, writtenBytes: 0 }
    const meter = new ProcessMeter(
      () => [sample(10, 1), sample(11, 10), sample(12, 10), sample(20, 1)],
      () => own,
      (pid) => (pid === 11 || pid === 12 ? { network: 'net:[7]', bytes } : undefined),
    )
    const other = 'other' as ServerName
    const roots = new Map([
      [notes, [10]],
      [other, [20]],
    ])
    expect(meter.measure(roots, 0).together.get(notes)?.networkBytes).toBe(0)
    bytes = 6_000
    const { together } = meter.measure(roots, 10_000)
    expect(together.get(notes)?.networkBytes).toBe(500)
    expect(together.get(other)).not.toHaveProperty('networkBytes')
  })

  it('of a process that ended finds nothing, and of one with its number later nothing of the former', () => {
    let startTicks = 1
    const meter = new ProcessMeter(
      () => (startTicks === 0 ? [] : [sample(10, 1, { startTicks, cpuTicks: startTicks * 1000 })]),
      () => ({ readBytes: 0, writtenBytes: 0 }),
    )
    const roots = new Map([[notes, [10]]])
    meter.measure(roots, 0)
    startTicks = 7
    expect(meter.measure(roots, 1_000).together.get(notes)?.cpu).toBe(0)
    startTicks = 0
    expect(meter.measure(roots, 2_000).together.size).toBe(0)
  })

  it.runIf(process.platform === 'linux')('sees a real process at work: processor, memory and disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
    const code = `const fs = require('fs'); const held = Buffer.alloc(64 * 1048576, 1)
      const file = fs.openSync(${JSON.stringify(join(folder, 'written'))}, 'w')
      process.stdin.once('data', () => {
        const end = Date.now() + 300; while (Date.now() < end);
        fs.writeSync(file, held); fs.fsyncSync(file); process.stdout.write('done')
      }); process.stdout.write('ready')`
    const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const meter = new ProcessMeter()
      const roots = new Map([[notes, [child.pid ?? 0]]])
      meter.measure(roots, performance.now())
      child.stdin.write('go')
      await once(child.stdout, 'data')
      const used = meter.measure(roots, performance.now()).together.get(notes)
      expect(used?.cpu).toBeGreaterThan(0.1)
      expect(used?.memoryBytes).toBeGreaterThan(64 * mb)
      expect(used?.processes).toBe(1)
    } finally {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

const idle = { cpu: 0, memoryBytes: 0, readBytes: 0, writtenBytes: 0, processes: 1, threads: 1 }

describe('quotas', () => {
  it('tolerate a tenth more, and say what is used too much', () => {
    const { filesystem } = quotas
    expect(brokenQuota({ ...idle, cpu: 0.55 }, filesystem)).toBeUndefined()
    expect(brokenQuota({ ...idle, cpu: 0.56 }, filesystem)).toBe('it uses 0.56 processor cores; its quota is 0.5.')
    expect(brokenQuota({ ...idle, memoryBytes: 600 * mb }, filesystem)).toContain('600 MB of memory')
    expect(brokenQuota({ ...idle, readBytes: 60 * mb, writtenBytes: 60 * mb }, filesystem)).toContain('120 MB a second')
    expect(shareUsed({ ...idle, memoryBytes: 128 * mb }, quotas.web)).toBe(0.5)
    expect(brokenQuota({ ...idle, networkBytes: 55 * mb }, filesystem)).toBeUndefined()
    expect(brokenQuota({ ...idle, networkBytes: 56 * mb }, filesystem)).toBe(
      'it sends and receives 56 MB a second; its quota is 50 MB.',
    )
    expect(shareUsed({ ...idle, networkBytes: 150 * mb }, quotas.web)).toBe(0.75)
  })
})

/** A governor over one pretended process; the test says what it uses. */
function aGovernor() {
  const clock = aClock()
  const use = { cores: 0, memoryMb: 10, networkMb: 0 }
  const looks: number[] = []
  let ticks = 0
  let bytes = 0
  let lastMs = 0
  const events: string[] = []
  const governor = new Governor({
    clock,
    meter: new ProcessMeter(
      () => {
        const now = clock.monotonicMs()
        looks.push(now)
        ticks += (use.cores * (now - lastMs)) / 10
        bytes += use.networkMb * mb * ((now - lastMs) / 1000)
        lastMs = now
        return [sample(10, 1, { cpuTicks: ticks, residentBytes: use.memoryMb * mb })]
      },
      () => ({ readBytes: 0, writtenBytes: 0 }),
      () => ({ network: 'net:[7]', bytes }),
    ),
    quotaOf: () => quotas.web,
    onThrottled: (server, problem) => events.push(`throttled ${server}: ${problem}`),
    onEased: (server) => events.push(`eased ${server}`),
    onOver: (server, problem) => events.push(`over ${server}: ${problem}`),
  })
  return { clock, use, looks, events, governor }
}

describe('the governor', () => {
  it('looks every ten seconds, every two near a quota, and not at all while nothing runs', () => {
    const { clock, use, looks, governor } = aGovernor()
    clock.pass(60_000)
    expect(looks).toEqual([])
    const ended = governor.watch(notes, 'shared', 10)
    clock.pass(22_000)
    expect(looks).toEqual([60_000, 62_000, 72_000, 82_000])
    use.memoryMb = 210 // of 256
    clock.pass(14_000)
    expect(looks.slice(4)).toEqual([92_000, 94_000, 96_000])
    ended()
    clock.pass(60_000)
    expect(looks.length).toBe(7)
    expect(governor.usage(notes)).toBeUndefined()
    expect(clock.waiting()).toBe(0)
  })

  it('throttles, then ends a server that keeps sending more than its quota of the network', () => {
    const { clock, use, events, governor } = aGovernor()
    governor.watch(notes, 'shared', 10)
    clock.pass(12_000)
    use.networkMb = 230 // of 200, more than a tenth over
    clock.pass(10_000)
    const problem = 'it sends and receives 230 MB a second; its quota is 200 MB.'
    expect(events).toEqual([`throttled notes: ${problem}`])
    clock.pass(6_000)
    expect(events.slice(1)).toEqual([`over notes: ${problem}`])
  })

  it('throttles a server over its quota, then has it ended when that does not help', () => {
    const { clock, use, events, governor } = aGovernor()
    governor.watch(notes, 'shared', 10)
    use.cores = 1
    clock.pass(2_000)
    expect(events).toEqual(['throttled notes: it uses 1.00 processor cores; its quota is 0.3.'])
    expect(governor.isThrottled(notes)).toBe(true)
    clock.pass(4_000)
    expect(events.length).toBe(1)
    clock.pass(2_000)
    expect(events[1]).toBe('over notes: it uses 1.00 processor cores; its quota is 0.3.')
  })

  it('eases a throttled server that keeps within its quota again', () => {
    const { clock, use, events, governor } = aGovernor()
    governor.watch(notes, 'shared', 10)
    use.cores = 1
    clock.pass(2_000)
    use.cores = 0.1
    clock.pass(4_000)
    expect(governor.isThrottled(notes)).toBe(true)
    clock.pass(2_000)
    expect(events[1]).toBe('eased notes')
    expect(governor.isThrottled(notes)).toBe(false)
  })

  it('keeps the looks of ten minutes for the picture of a server', () => {
    const { clock, governor } = aGovernor()
    governor.watch(notes, 'shared', 10)
    clock.pass(3_602_000)
    expect(governor.samples(notes).length).toBe(60)
    expect(governor.samples(notes).at(-1)?.at).toBe(clock.now())
  })
})

it('reads the loopback interface of a network as /proc/net/dev shows it', () => {
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1246      12    0    0    0     0          0         0     1246      12    0    0    0     0       0          0
  eth0: 99999999     12    0    0    0     0          0         0     1246      12    0    0    0     0       0          0
`
  expect(bytesIn(table)).toBe(1246)
  expect(networkUse(process.pid)).toBeUndefined() // shares ours
})
