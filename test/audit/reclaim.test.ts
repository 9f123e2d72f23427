import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { publicKeyFrom } from '../../main/audit/public-key.ts'
import { verifyFile } from '../../main/audit/verify-file.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

const dayMs = 24 * 3600 * 1000
const segmentBytes = 64 * 1024
let place: AuditFixture
let now: number
beforeEach(() => {
  place = anAuditFolder()
  now = Date.UTC(2026, 0, 1)
})
afterEach(() => place.remove())

const open = () => place.open({ now: () => now, largestSegmentBytes: segmentBytes })
const sizeOf = (segment: number) => statSync(join(place.folder, `00000${segment}.jsonl`)).size
const argumentsOf = (audit: Audit, seq: number) => audit.show(seq, 'window').arguments

/** One entry of about 4 KB a day, so that a segment holds a good fortnight. */
async function fill(audit: Audit, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const facts = { client: 'Editor', decision: 'allow' as const, arguments: { n, text: 'x'.repeat(2500) } }
    await audit.recorded(aCall(facts), async () => answer)
    now += dayMs
  }
}

describe('the room of erased contents', () => {
  it('is given back, and what is left verifies, is found, opened, searched and exported as before', async () => {
    const audit = await open()
    await fill(audit, 50)
    const before = [1, 2, 3].map(sizeOf)
    expect(await audit.eraseOld({ days: 26, piiDays: 26 })).toBe(24)
    expect([1, 2, 3].map(sizeOf)).toEqual(before)
    const bytes = await audit.reclaim()
    const after = [1, 2, 3].map(sizeOf)
    expect(before.reduce((sum, size) => sum + size) - after.reduce((sum, size) => sum + size)).toBe(bytes)
    expect(after[0]).toBeLessThan(segmentBytes / 4)
    expect(after[2]).toBe(before[2])
    const sound = { valid: true, checked: audit.size, tombstones: 24 }
    expect(await audit.verify()).toMatchObject(sound)
    expect(await audit.verify({ from: 1, to: 30 })).toMatchObject({ valid: true, tombstones: 24 })
    for (const seq of [25, 30, 50]) expect(argumentsOf(audit, seq)).toMatchObject({ n: seq - 1 })
    expect(argumentsOf(audit, 24)).toBeUndefined()
    expect(audit.list({ limit: 100 }).entries.filter(({ erased }) => erased)).toHaveLength(24)
    expect(audit.list({ limit: 100, text: 'Editor' }).total).toBe(50)
    const file = join(place.home, 'log.jsonl')
    writeFileSync(file, (await audit.exportPiece('jsonl')).text)
    expect(await verifyFile(file, publicKeyFrom(audit.publicKey().pem))).toMatchObject({ valid: true, tombstones: 24 })
    expect(await audit.reclaim()).toBe(0)
    await audit.stop()
    const again = await open()
    expect(await again.verify()).toMatchObject({ ...sound, checked: again.size })
    expect(argumentsOf(again, 30)).toMatchObject({ n: 29 })
    expect(await again.reclaim()).toBe(0)
    await again.stop()
  })

  it('is not taken for sound where somebody else erased: the mark stays, and so does the fault', async () => {
    const audit = await open()
    await fill(audit, 30)
    await audit.eraseOld({ days: 26, piiDays: 26 })
    const file = join(place.folder, '000001.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    lines[9] = (lines[9] as string).replace(
      /("contents":")([^"{]+)"\}\}$/,
      (_, start, box) => `${start}${'#'.repeat(box.length)}"}}`,
    )
    writeFileSync(file, lines.join('\n'))
    await audit.reclaim()
    expect(await audit.verify()).toMatchObject({ valid: false, firstFault: { seq: 10 } })
    await audit.stop()
  })

  it('does not bring back what is erased while a segment is written anew', async () => {
    const audit = await open()
    await fill(audit, 40)
    await audit.eraseOld({ days: 34, piiDays: 34 })
    const reclaiming = audit.reclaim()
    const kept = argumentsOf(audit, 12)
    expect(kept).toMatchObject({ n: 11 })
    for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate)
    await audit.eraseEntries([12], 'you asked for it')
    await reclaiming
    expect(argumentsOf(audit, 12)).toBeUndefined()
    expect(readFileSync(join(place.folder, '000001.jsonl'), 'utf8').split('\n')[11]).toMatch(/"contents":"#+"\}\}$/)
    expect(await audit.verify()).toMatchObject({ valid: true, tombstones: 7 })
    await audit.stop()
  })

  it('waits for who is reading, and a piece of an export goes on where the one before ended', async () => {
    const audit = await open()
    for (let n = 0; n < 140; n++) {
      const contents = { n, text: 'x'.repeat(45_000) }
      audit.append({ action: 'test', severity: 'info', summary: `entry ${n}`, contents })
      now += dayMs
    }
    const first = await audit.exportPiece('jsonl')
    expect(first.next).toBeGreaterThan(20)
    await audit.eraseOld({ days: 30, piiDays: 30 })
    const verifying = audit.verify()
    const reclaiming = audit.reclaim()
    expect(await verifying).toMatchObject({ valid: true, tombstones: 110 })
    expect(await reclaiming).toBeGreaterThan(100 * 45_000)
    const rest = await audit.exportPiece('jsonl', first.next)
    const numbers = `${first.text}${rest.text}`.matchAll(/"seq":(\d+),"(?:severity|server)/g)
    expect([...numbers].map(([, seq]) => Number(seq))).toEqual(Array.from({ length: audit.size }, (_, at) => at + 1))
    await audit.stop()
  })

  it('is made good at the next start when the new file is there and the index knows the old places', async () => {
    const audit = await open()
    await fill(audit, 40)
    await audit.eraseOld({ days: 26, piiDays: 26 })
    const file = join(place.folder, '000001.jsonl')
    const db = place.database()
    const before = db
      .prepare<[], { seq: number; position: number; size: number }>('SELECT seq, position, size FROM audit_entry')
      .all()
    await audit.reclaim()
    await audit.stop()
    const old = db.prepare(
      'UPDATE audit_entry SET position = @position, size = @size, contents = CASE contents WHEN 3 THEN 2 ELSE contents END WHERE seq = @seq',
    )
    db.transaction(() => {
      for (const row of before) old.run(row)
    })()
    const again = await open()
    expect(again.list({ limit: 100 }).total).toBe(41)
    for (const seq of [15, 16, 40]) expect(argumentsOf(again, seq)).toMatchObject({ n: seq - 1 })
    expect(await again.verify({ from: 10, to: 20 })).toMatchObject({ valid: true })
    const size = statSync(file).size
    await again.reclaim()
    expect(statSync(file).size).toBe(size)
    await again.stop()
  })

  it('leaves a file as it was when it cannot be written anew', async () => {
    const audit = await open()
    await fill(audit, 40)
    await audit.eraseOld({ days: 26, piiDays: 26 })
    const file = join(place.folder, '000001.jsonl')
    renameSync(file, `${file}.away`)
    writeFileSync(`${file}.draft`, 'left behind by a kill')
    renameSync(`${file}.away`, file)
    const db = place.database()
    db.exec(`CREATE TRIGGER full BEFORE UPDATE OF position ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    const size = sizeOf(1)
    await expect(audit.reclaim()).rejects.toThrow('disk full')
    expect(sizeOf(1)).toBe(size)
    expect(argumentsOf(audit, 20)).toMatchObject({ n: 19 })
    db.exec('DROP TRIGGER full')
    expect(await audit.reclaim()).toBeGreaterThan(0)
    await audit.stop()
  })
})
