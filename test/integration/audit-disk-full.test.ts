import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLog } from './audit-kill.child.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'audit-disk-full.child.ts')
let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-full-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it('refuses calls when nothing can be written any more, keeps the log intact and goes on when there is room', async () => {
  // a limit on the size of files fails like a full disk, and reaches the log only: everything else is smaller
  const command = `ulimit -f 800; exec "${process.execPath}" --experimental-transform-types --no-warnings "${script}" "${home}"`
  const { stdout } = await run('bash', ['-c', command])
  const found = JSON.parse(stdout) as { answered: string[]; refusals: string[]; reached: number }
  expect(found).toMatchObject({ valid: true, refusals: ['audit.unwritable', 'audit.unwritable', 'audit.unwritable'] })
  expect(found.answered.length).toBeGreaterThan(10)
  // at most the call whose answer could not be recorded any more
  expect(found.reached - found.answered.length).toBeLessThanOrEqual(1)

  const { audit, store } = await openLog(home, false)
  expect(await audit.verify()).toMatchObject({ valid: true })
  const callIds = (await audit.exportPiece('jsonl')).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).callId)
  expect(found.answered.filter((callId) => !callIds.includes(callId))).toEqual([])
  audit.append({ action: 'test', severity: 'info', summary: 'there is room again' })
  expect(await audit.verify()).toMatchObject({ valid: true })
  await audit.stop()
  store.close()
})
