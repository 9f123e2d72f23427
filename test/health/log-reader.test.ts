import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLog } from '../../main/health/log-reader.ts'
import { openLog } from '../../main/telemetry/log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const texts = async (level: 'debug' | 'info' | 'warn', search?: string, most = 100) =>
  (await readLog(folder, { level, most, ...(search ? { search } : {}) })).lines.map(({ text }) => text)

describe('the log, read back', () => {
  it('is newest first, of a level or graver, and of lines in which every word stands', async () => {
    const { log, close } = openLog(folder, 'debug', (line) => line)
    log.debug('a detail')
    log.info({ server: 'notes' }, 'a server started')
    log.warn({ err: new Error('it crashed') }, 'a server failed')
    close()
    expect(await texts('debug')).toEqual(['a server failed', 'a server started', 'a detail'])
    expect(await texts('warn')).toEqual(['a server failed'])
    expect(await texts('debug', 'NOTES server')).toEqual(['a server started'])
    expect(await texts('debug', 'notes crashed')).toEqual([])
    const [line] = (await readLog(folder, { level: 'warn', most: 1 })).lines
    expect(line?.level).toBe('warn')
    expect(JSON.parse(line?.more ?? '')).toMatchObject({ err: { message: 'it crashed' } })
    expect(Math.abs(Date.now() - (line?.time ?? 0))).toBeLessThan(60_000)
  })

  it('of any length is read in pieces, each line once, no more than asked for', async () => {
    const { log, close } = openLog(folder, 'info', (line) => line)
    for (let n = 0; n < 4_000; n++) log.info({ pad: 'ă'.repeat(n % 300) }, `line ${n}`)
    close()
    const all = await texts('info', undefined, 5_000)
    expect(all).toEqual(Array.from({ length: 4_000 }, (_, n) => `line ${3_999 - n}`))
    const some = await readLog(folder, { level: 'info', most: 10 })
    expect([some.lines.length, some.whole, some.lines.at(-1)?.text]).toEqual([10, false, 'line 3990'])
    expect((await readLog(folder, { level: 'info', most: 5_000 })).whole).toBe(true)
    expect(await texts('info', 'line 2345')).toEqual(['line 2345'])
  })

  it('leaves out a line that is not whole yet, and what is no line of the log', async () => {
    const { log, close } = openLog(folder, 'info', (line) => line)
    log.info('whole')
    close()
    appendFileSync(join(folder, 'gatehouse.log'), 'not json\n{"level":40,"time":"2026-01-01T00:00:00Z","msg":"half')
    expect(await texts('info')).toEqual(['whole'])
  })

  it('is empty before anything was written', async () => {
    expect(await readLog(folder, { level: 'info', most: 10 })).toEqual({ lines: [], whole: true })
  })
})
