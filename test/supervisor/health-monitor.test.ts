import { describe, expect, it } from 'vitest'
import { type Checkable, HealthMonitor } from '../../main/supervisor/health/health-monitor.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { aClock } from './a-clock.ts'

const notes = 'notes' as ServerName

/** A monitor over one pretended process, which answers, keeps silent or is gone as the test says. */
function aMonitor(periodMs = 10_000) {
  const clock = aClock()
  const process = { pid: 10, busy: false, silent: false, gone: false, asked: [] as string[] }
  const silent: string[] = []
  const monitor = new HealthMonitor({
    clock,
    periodMs: () => periodMs,
    isAlive: () => !process.gone,
    onSilent: (_, instance, problem) => silent.push(`${instance}: ${problem}`),
  })
  const answering = (era: 'legacy' | 'modern'): Checkable => ({
    pid: process.pid,
    get busy() {
      return process.busy
    },
    greeting: { era },
    ask: (method, _, [signal]) => {
      process.asked.push(method)
      if (!process.silent) return Promise.resolve({})
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    },
  })
  /** One period and the patience after it, each turn of the event loop in between. */
  const rounds = async (times: number) => {
    for (let n = 0; n < times; n++) {
      clock.pass(periodMs)
      await turn()
      if (process.silent) clock.pass(5_000)
      await turn()
    }
  }
  return { clock, process, monitor, silent, answering, rounds }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('health checks', () => {
  it('ask every ten seconds in the words of the revision, and find it well', async () => {
    const { monitor, process, answering, rounds } = aMonitor()
    monitor.watch(notes, 'a', answering('legacy'))
    monitor.watch(notes, 'b', answering('modern'))
    await rounds(2)
    expect(process.asked).toEqual(['ping', 'server/discover', 'ping', 'server/discover'])
    expect(monitor.findings(notes).map(({ instance, well }) => [instance, well])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  it('report a process that misses three in a row', async () => {
    const { monitor, process, answering, rounds, silent } = aMonitor()
    monitor.watch(notes, 'a', answering('legacy'))
    process.silent = true
    await rounds(2)
    expect(silent).toEqual([])
    expect(monitor.findings(notes)[0]?.well).toBe(false)
    await rounds(1)
    expect(silent).toEqual(['a: it did not answer 3 health checks in a row.'])
  })

  it('forgive a miss once it answers again', async () => {
    const { monitor, process, answering, rounds, silent } = aMonitor()
    monitor.watch(notes, 'a', answering('legacy'))
    process.silent = true
    await rounds(2)
    process.silent = false
    await rounds(1)
    process.silent = true
    await rounds(2)
    expect(silent).toEqual([])
  })

  it('leave a silent process alone while a call of it runs', async () => {
    const { monitor, process, answering, rounds, silent } = aMonitor()
    monitor.watch(notes, 'a', answering('legacy'))
    Object.assign(process, { silent: true, busy: true })
    await rounds(5)
    expect(silent).toEqual([])
    process.busy = false
    await rounds(1)
    expect(silent.length).toBe(1)
  })

  it('stop with the process, and are not made where the person wants none', async () => {
    const { monitor, process, answering, rounds, clock } = aMonitor()
    monitor.watch(notes, 'a', answering('legacy'))()
    await rounds(2)
    expect([process.asked, clock.waiting(), monitor.findings(notes)]).toEqual([[], 0, []])
    const none = aMonitor(0)
    none.monitor.watch(notes, 'a', none.answering('legacy'))
    none.clock.pass(3_600_000)
    expect(none.process.asked).toEqual([])
  })
})
