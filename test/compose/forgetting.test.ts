import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { forgetDaily } from '../../main/compose/forgetting.ts'
import { Credentials } from '../../main/credentials/credentials.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { memoryRing } from '../credentials/memory-ring.ts'

const mail = 'mail' as ServerName
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-forgetting-'))
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

it('drops the copy of before an update and the values before of secrets after thirty days, without a new start', async () => {
  vi.useFakeTimers()
  const [db, ring] = [openDatabase(':memory:'), memoryRing()]
  const credentials = await Credentials.open(db, ring)
  await credentials.replace(mail, 'TOKEN', 'first-value')
  await credentials.replace(mail, 'TOKEN', 'second-value')
  const copy = join(folder, 'before-update-from-1-to-2.db')
  writeFileSync(copy, 'a copy')
  utimesSync(copy, new Date(), new Date())
  const problems: unknown[] = []
  const log = { warn: (problem: unknown) => problems.push(problem) }
  const stop = forgetDaily({ credentials, paths: { backups: folder }, log } as never)
  await vi.advanceTimersByTimeAsync(29 * 24 * 3_600_000)
  expect([existsSync(copy), await ring.get('former/mail/TOKEN')]).toEqual([true, Buffer.from('first-value')])
  await vi.advanceTimersByTimeAsync(2 * 24 * 3_600_000)
  expect([existsSync(copy), await ring.get('former/mail/TOKEN')]).toEqual([false, undefined])
  expect(problems).toEqual([])
  stop()
  expect(vi.getTimerCount()).toBe(0)
  db.close()
})
