import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from './audit-kill.child.ts'

const kills = process.env.GATEHOUSE_TEST_FULL === '1' ? 40 : 5
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-reclaim-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it(`keeps the log intact and every place right through ${kills} kills while room of erased contents is given back`, {
  timeout: kills * 20_000,
}, async () => {
  let reclaimed = 0
  for (let kill = 0; kill < kills; kill++) {
    reclaimed += await reclaimedUntilKilled()
    const { audit, store, notices } = await openLog(home, false)
    expect(await audit.verify(), `kill ${kill}`).toMatchObject({ valid: true })
    expect(notices.filter((text) => text.includes('not intact'))).toEqual([])
    expect(readdirSync(join(home, 'audit')).filter((name) => name.endsWith('.draft'))).toEqual([])
    const marked = entriesMarked() // the index hears of it a moment after the file
    const entries = audit.list({ limit: 500 }).entries.filter(({ action }) => action === 'test')
    const kept = entries.filter(({ seq }) => !marked.has(seq))
    expect(kept.length).toBeGreaterThan(0)
    for (const { seq } of kept) expect(audit.show(seq, 'test'), `entry ${seq}`).toHaveProperty('arguments.text')
    expect(await audit.verify({ from: Math.max(1, audit.size - 200) })).toMatchObject({ valid: true })
    await audit.stop()
    store.close()
  }
  expect(reclaimed).toBeGreaterThan(1_000_000)
  expect(shortMarks()).toBeGreaterThan(40)
})

const linesIn = () =>
  readdirSync(join(home, 'audit'))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(home, 'audit', name), 'utf8').split('\n'))
/** Entries whose box is a mark of one character. */
const shortMarks = () => linesIn().filter((line) => line.endsWith('"contents":"#"}}')).length
const entriesMarked = () =>
  new Set(
    linesIn().flatMap((line) => (/"contents":"#+"\}\}$/.test(line) ? Number(/"seq":(\d+),/.exec(line)?.[1]) : [])),
  )

/** @returns the bytes that were given back before it was killed */
async function reclaimedUntilKilled(): Promise<number> {
  const script = join(import.meta.dirname, 'audit-kill.child.ts')
  const child = spawn(process.execPath, ['--experimental-transform-types', '--no-warnings', script, home, 'reclaim'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  let bytes = 0
  lines.on('line', (line) => {
    bytes += Number(line) || 0
  })
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')])
  await Promise.race([once(lines, 'line'), ended])
  const timer = setTimeout(() => child.kill('SIGKILL'), 200 + Math.random() * 800)
  await ended
  clearTimeout(timer)
  expect(child.signalCode).toBe('SIGKILL')
  return bytes
}
