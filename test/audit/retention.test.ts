import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { eraseContents } from '../../main/audit/erase-contents.ts'
import { linesOf } from '../../main/audit/journal-reader.ts'
import { publicKeyFrom } from '../../main/audit/public-key.ts'
import { verifyFile } from '../../main/audit/verify-file.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

const dayMs = 24 * 3600 * 1000
let place: AuditFixture
let now: number
beforeEach(() => {
  place = anAuditFolder()
  now = Date.UTC(2026, 0, 1)
})
afterEach(() => place.remove())

const open = () => place.open({ now: () => now })
const journal = () => readFileSync(join(place.folder, '000001.jsonl'), 'utf8')
const everything = { limit: 100 }

/** One entry a day. */
async function fill(audit: Audit, count: number, labels?: readonly string[]): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const facts = {
      client: 'Editor',
      decision: 'allow' as const,
      arguments: { secret: n },
      ...(labels ? { labels } : {}),
    }
    await audit.recorded(aCall(facts as Parameters<typeof aCall>[0]), async () => answer)
    now += dayMs
  }
}

/** The journal’s lines changed one by one. */
function rewrite(change: (line: string, seq: number) => string): void {
  const lines = journal().trimEnd().split('\n')
  writeFileSync(join(place.folder, '000001.jsonl'), lines.map((line, at) => `${change(line, at + 1)}\n`).join(''))
}
const erasedByHand = (line: string) =>
  line.replace(/("boxes":\{"contents":")([^"]*)/, (_, start, box) => start + '#'.repeat(box.length))

describe('retention', () => {
  it('erases contents that are too old, keeps the entries, and leaves a chain that verifies and says so', async () => {
    const audit = await open()
    await fill(audit, 10)
    expect(await audit.eraseOld({ days: 6, piiDays: 730 })).toBe(4)
    expect(await audit.verify()).toMatchObject({
      valid: true,
      checked: 11,
      tombstones: 4,
      sentence: expect.stringContaining('The contents of 4 of them were erased, as the log says.'),
    })
    const { entries } = audit.list(everything)
    expect(entries.filter(({ erased }) => erased).map(({ seq }) => seq)).toEqual([4, 3, 2, 1])
    expect(entries[0]).toMatchObject({ action: 'audit.erase', category: 'compliance' })
    expect(audit.show(2, 'window')).not.toHaveProperty('arguments')
    expect(audit.show(7, 'window')).toMatchObject({ arguments: { secret: 7 } })
    expect(await audit.eraseOld({ days: 6, piiDays: 730 })).toBe(0)
    await audit.stop()
    const again = await open()
    expect(await again.verify()).toMatchObject({ valid: true, tombstones: 4 })
    await again.stop()
  })

  it('erases contents with personal data sooner', async () => {
    const audit = await open()
    await fill(audit, 3, ['pii.email'])
    await fill(audit, 3)
    expect(await audit.eraseOld({ days: 2555, piiDays: 2 })).toBe(3)
    expect(
      audit
        .list(everything)
        .entries.filter(({ erased }) => erased)
        .map(({ seq }) => seq),
    ).toEqual([3, 2, 1])
    await audit.stop()
  })

  it('keeps salt and ciphertext nowhere in the journal, and its length as it was', async () => {
    const audit = await open()
    await fill(audit, 2)
    const before = journal()
    const boxes = [...(before.split('\n')[0] as string).matchAll(/"contents":"([^"{]{40,})"/g)].map(
      ([, box]) => box as string,
    )
    expect(boxes).toHaveLength(1)
    expect(await audit.eraseEntries([1], 'you asked for it')).toBe(1)
    const after = journal()
    expect(after.startsWith(before.slice(0, 200))).toBe(true)
    expect(after.indexOf('\n')).toBe(before.indexOf('\n'))
    for (const box of boxes) expect(after).not.toContain(box)
    expect(await audit.verify()).toMatchObject({ valid: true, tombstones: 1 })
    await audit.stop()
  })

  it('of many entries lets calls go on between one thousand and the next', async () => {
    const audit = await open()
    const contents = { note: 'something' }
    const seqs = Array.from({ length: 1001 }, (_, n) => n + 1)
    for (const seq of seqs) audit.append({ action: 'test', severity: 'info', summary: `entry ${seq}`, contents })
    const erasedThen = new Promise<number>((resolve) =>
      setImmediate(() => resolve(audit.list({ limit: 5000 }).entries.filter(({ erased }) => erased).length)),
    )
    expect(await audit.eraseEntries(seqs, 'a person asked for it')).toBe(1001)
    expect(await erasedThen).toBe(1000)
    await audit.stop()
  })

  it('is made good after a kill between the word and the deed, and while a line was half erased', async () => {
    const audit = await open()
    await fill(audit, 4)
    await audit.stop()
    const lines = []
    for await (const line of linesOf(place.folder)) lines.push(line)
    const first = lines[0]
    if (!first) throw new Error('no line')
    eraseContents(place.folder, [{ ...first }])
    const half = await open()
    expect((await half.verify()).firstFault).toMatchObject({
      seq: 1,
      problem: expect.stringContaining('no entry says'),
    })
    now += 30 * dayMs
    expect(await half.eraseOld({ days: 7, piiDays: 7 })).toBe(4)
    expect(await half.verify()).toMatchObject({ valid: true, tombstones: 4 })
    await half.stop()
  })

  it('is not mistaken for somebody else’s eraser: contents overwritten by hand are a fault', async () => {
    const audit = await open()
    await fill(audit, 3)
    await audit.anchor()
    rewrite((line, seq) => (seq === 2 ? erasedByHand(line) : line))
    expect(await audit.verify()).toMatchObject({
      valid: false,
      firstFault: { seq: 2, problem: 'the contents of entry 2 were erased, and no entry says that Gatehouse did it' },
    })
    await audit.stop()
  })
})

describe('a part of the log', () => {
  it('verifies wherever it begins and ends, and names a fault in it but none outside', async () => {
    const audit = await open()
    await fill(audit, 12)
    await audit.eraseOld({ days: 8, piiDays: 8 })
    expect(await audit.verify({ from: 6, to: 9 })).toMatchObject({
      valid: true,
      tombstones: 0,
      sentence: 'Entries 6 to 9 are intact.',
    })
    expect(await audit.verify({ from: 1, to: 3 })).toMatchObject({ valid: true, tombstones: 3 })
    expect(await audit.verify({ from: 7 })).toMatchObject({ valid: true })
    rewrite((line, seq) => (seq === 6 ? line.replace('Editor', 'Edited') : line))
    expect(await audit.verify({ from: 5, to: 9 })).toMatchObject({ valid: false, firstFault: { seq: 6 } })
    expect(await audit.verify({ from: 8, to: 9 })).toMatchObject({ valid: true })
    await expect(audit.verify({ from: 9, to: 5 })).rejects.toMatchObject({ code: 'input.invalid' })
    await audit.stop()
  })

  it('whose first entry does not follow the one before it is not intact', async () => {
    const audit = await open()
    await fill(audit, 6)
    const lines = journal().trimEnd().split('\n')
    rewrite((line, seq) => (seq === 4 ? (lines[4] as string) : line))
    expect((await audit.verify({ from: 4, to: 5 })).valid).toBe(false)
    await audit.stop()
  })
})

describe('an exported log', () => {
  async function exported(): Promise<{ file: string; text: string; pem: string; audit: Audit }> {
    const audit = await open()
    await fill(audit, 8)
    await audit.eraseOld({ days: 5, piiDays: 5 })
    const file = join(place.home, 'log.jsonl')
    const { text } = await audit.exportPiece('jsonl')
    writeFileSync(file, text)
    return { file, text, pem: audit.publicKey().pem, audit }
  }

  it('is verified with the public key alone: signed to its end, tombstones counted', async () => {
    const { file, pem, audit } = await exported()
    const verdict = await verifyFile(file, publicKeyFrom(pem))
    expect(verdict).toMatchObject({ valid: true, checked: 9, notAnchored: 0, tombstones: 3, keyWasGiven: true })
    expect(verdict.signedBy).toBe(audit.publicKey().fingerprint)
    expect(await verifyFile(file)).toMatchObject({ valid: true, keyWasGiven: false })
    await audit.stop()
  })

  it.each<[string, (lines: string[]) => string[], string]>([
    ['its end is cut off', (lines) => [...lines.slice(0, 6), lines.at(-1) as string], 'are missing'],
    ['its end is cut off with the signature', (lines) => lines.slice(0, 6), 'nobody signed its end'],
    [
      'an entry is changed',
      (lines) => lines.with(4, (lines[4] as string).replace('Editor', 'Edited')),
      'entry 5 was changed',
    ],
    ['an entry is dropped', (lines) => lines.toSpliced(3, 1), 'entry 4 is missing'],
    [
      'two change places',
      (lines) => lines.with(2, lines[3] as string).with(3, lines[2] as string),
      'missing or out of order',
    ],
    ['contents are erased by hand', (lines) => lines.with(5, erasedByHand(lines[5] as string)), 'no entry says'],
    [
      'the signature is another',
      (lines) => lines.with(-1, (lines.at(-1) as string).replace(/"seq":\d+/, '"seq":8')),
      'not signed by this key',
    ],
  ])('is not intact when %s', async (_, change, problem) => {
    const { file, text, pem, audit } = await exported()
    writeFileSync(file, `${change(text.trimEnd().split('\n')).join('\n')}\n`)
    const verdict = await verifyFile(file, publicKeyFrom(pem))
    expect(verdict.valid).toBe(false)
    expect(verdict.sentence).toContain(problem)
    await audit.stop()
  })

  it('signed by another Gatehouse is not taken for one of this', async () => {
    const { file, audit } = await exported()
    const other = anAuditFolder()
    const theirs = await other.open()
    expect(await verifyFile(file, publicKeyFrom(theirs.publicKey().pem))).toMatchObject({ valid: false })
    await theirs.stop()
    other.remove()
    await audit.stop()
  })

  it('is verified by a program of its own, which says it by its exit code', async () => {
    const { file, pem, text, audit } = await exported()
    const keyFile = join(place.home, 'key.pem')
    writeFileSync(keyFile, pem)
    const program = join(import.meta.dirname, '../../main/audit/verify-file-process.ts')
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['--experimental-transform-types', '--no-warnings', program, ...args])
    expect(JSON.parse((await run(file, keyFile)).stdout)).toMatchObject({ valid: true, checked: 9 })
    writeFileSync(file, text.replace('Editor', 'Edited'))
    await expect(run(file, keyFile)).rejects.toMatchObject({ code: 1 })
    await expect(run(join(place.home, 'none'))).rejects.toMatchObject({ code: 2 })
    await audit.stop()
  })
})
