import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from './audit-kill.child.ts'

const kills = process.env.GATEHOUSE_TEST_FULL === '1' ? 50 : 10
/** A list counts no further. */
const mostCounted = 10_000
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-kill-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it(`holds every answered call in an intact log after each of ${kills} kills at any moment`, {
  timeout: kills * 20_000,
}, async () => {
  const answered = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    // every fifth while it starts and recovers; the first must get as far as making its keys
    const starting = kill % 5 === 4
    for (const callId of await callsUntilKilled(starting)) answered.add(callId)
    if (starting) continue
    const { audit, store, notices } = await openLog(home, false)
    expect(await audit.verify(), `kill ${kill}`).toMatchObject({ valid: true })
    expect(notices.filter((text) => text.includes('not intact'))).toEqual([])
    const recorded = recordedCalls()
    expect([...answered].filter((callId) => !recorded.has(callId))).toEqual([])
    const { total, entries } = audit.list({ limit: 1 })
    expect([total, entries[0]?.seq]).toEqual([Math.min(audit.size, mostCounted), audit.size])
    await audit.stop()
    store.close()
  }
  expect(answered.size).toBeGreaterThan(kills)
})

async function callsUntilKilled(whileStarting: boolean): Promise<string[]> {
  const script = join(import.meta.dirname, 'audit-kill.child.ts')
  const child = spawn(process.execPath, ['--experimental-transform-types', '--no-warnings', script, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const answered: string[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => answered.push(line))
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')])
  if (!whileStarting) await Promise.race([once(lines, 'line'), ended])
  const timer = setTimeout(() => child.kill('SIGKILL'), Math.random() * (whileStarting ? 1500 : 400))
  await ended
  clearTimeout(timer)
  expect(child.signalCode).toBe('SIGKILL')
  return answered.filter((line) => line !== 'ready')
}

/** From the files themselves. */
function recordedCalls(): Set<string> {
  const folder = join(home, 'audit')
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
  const entries = lines.map((line) => JSON.parse(line) as { action: string; callId: string })
  return new Set(entries.filter((entry) => entry.action === 'tools/call').map((entry) => entry.callId))
}
