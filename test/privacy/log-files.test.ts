import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { logFiles } from '../../main/privacy/log-files.ts'
import { seekIn } from '../../shared/domain/subject.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-logs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a line that names a person is overwritten in the file it was found in, though the log turns over meanwhile', async () => {
  const log = join(folder, 'keeper.log')
  writeFileSync(log, 'before\nAna Zarzavat called\nafter\n')
  const words = ['Zarzavat']
  const seek = seekIn(words)
  let turned = false
  const turningOver = (text: string) => {
    const found = seek(text)
    if (found === undefined || turned) return found
    renameSync(log, `${log}.1`)
    writeFileSync(log, 'this is what came afterwards, and is nobody’s\n')
    turned = true
    return found
  }
  const store = logFiles(folder, async () => 0)
  expect(await store.erase?.({ words, seek: turningOver }, [])).toBe(1)
  expect(readFileSync(log, 'utf8')).toBe('this is what came afterwards, and is nobody’s\n')
  expect(readFileSync(`${log}.1`, 'utf8')).toBe(`before\n${'#'.repeat(19)}\nafter\n`)
})
