import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../../main/telemetry/log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'gatehouse.log')

describe('the log', () => {
  it('holds no known secret, in whatever field it was given, and is private to the user', () => {
    const { log, close } = openLog(folder, 'info', (line) => line.replaceAll('hunter2', '[secret]'))
    log.warn(
      { err: new Error('token hunter2', { cause: new Error('hunter2 again') }), deep: { in: 'hunter2' } },
      'hunter2',
    )
    close()
    const text = readFileSync(file(), 'utf8')
    expect(text).not.toContain('hunter2')
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  it.runIf(process.platform === 'linux')('does not end the app when the disk is full', () => {
    symlinkSync('/dev/full', file())
    const { log } = openLog(folder, 'info', (line) => line)
    for (let n = 0; n < 1000; n++) log.info({ n, text: 'x'.repeat(10_000) }, 'cannot be written')
  })
})
