import { createHash } from 'node:crypto'
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

async function fill(audit: Audit, count: number): Promise<void> {
  for (let i = 1; i <= count; i++)
    await audit.recorded(aCall({ client: `Editor ${i}`, decision: 'allow', arguments: { i } }), async () => answer)
}
const journalOf = (place: AuditFixture) => join(place.folder, '000001.jsonl')
const linesOf = (place: AuditFixture) => readFileSync(journalOf(place), 'utf8').trimEnd().split('\n')
const write = (place: AuditFixture, lines: readonly string[]) =>
  writeFileSync(journalOf(place), lines.map((line) => `${line}\n`).join(''))

describe('verification', () => {
  let place: AuditFixture
  beforeEach(() => {
    place = anAuditFolder()
  })
  afterEach(() => place.remove())

  it('says how far the log is intact and what is not yet anchored', async () => {
    const audit = await place.open()
    expect(await audit.verify()).toMatchObject({ valid: true, checked: 0, sentence: 'The audit log is empty.' })
    await fill(audit, 3)
    await audit.anchor()
    await fill(audit, 2)
    expect(await audit.verify()).toEqual({
      valid: true,
      checked: 5,
      notAnchored: 2,
      tombstones: 0,
      sentence: 'Intact up to entry 3, 2 newer not yet anchored.',
    })
    await audit.stop()
  })

  it('continues one chain over several files and starts', async () => {
    for (let start = 0; start < 3; start++) {
      const audit = await place.open({ largestSegmentBytes: 4000 })
      await fill(audit, 10)
      await audit.stop()
    }
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.jsonl')).length).toBeGreaterThan(3)
    const audit = await place.open()
    expect(await audit.verify()).toMatchObject({ valid: true, checked: 30, notAnchored: 0 })
    expect(audit.show(17, 'window').arguments).toEqual({ i: 7 })
    await audit.stop()
    rmSync(join(place.folder, '000002.jsonl'))
    const after = await place.open()
    expect((await after.verify()).valid).toBe(false)
    await after.stop()
  })

  it('names the first entry of a chain rewritten from there with fitting hashes', async () => {
    const audit = await place.open()
    await fill(audit, 6)
    await audit.anchor()
    let prev = ''
    const rewritten = linesOf(place).map((line, at) => {
      const { hash, boxes, ...body } = JSON.parse(line)
      const changed = at === 3 ? { ...body, client: 'Nobody' } : at > 3 ? { ...body, prev } : body
      const text = JSON.stringify(changed)
      prev = createHash('sha256').update(text).digest('hex')
      return `${text.slice(0, -1)},"hash":"${prev}","boxes":${JSON.stringify(boxes)}}`
    })
    write(place, rewritten)
    expect(await audit.verify()).toMatchObject({
      valid: false,
      firstFault: { seq: 6, problem: expect.stringContaining('rewritten') },
    })
    await audit.stop()
  })

  it('finds a log shortened while Gatehouse was not running, and keeps the fault on record', async () => {
    const audit = await place.open()
    await fill(audit, 8)
    await audit.stop()
    write(place, linesOf(place).slice(0, 5))
    const notices: string[] = []
    const after = await place.open({ onNotice: (text) => notices.push(text) })
    expect(notices).toEqual(['The audit log is not intact: entries 6 to 8 are missing.'])
    await fill(after, 10)
    await after.anchor()
    expect(await after.verify()).toMatchObject({
      valid: false,
      firstFault: { seq: 6, problem: 'entries 6 to 8 are missing' },
    })
    await after.stop()
  })

  it('finds the whole folder rolled back', async () => {
    const audit = await place.open()
    await fill(audit, 3)
    await audit.anchor()
    const saved = join(place.home, 'saved')
    mkdirSync(saved)
    for (const name of ['000001.jsonl', 'head.json']) copyFileSync(join(place.folder, name), join(saved, name))
    await fill(audit, 3)
    await audit.stop()
    for (const name of ['000001.jsonl', 'head.json']) copyFileSync(join(saved, name), join(place.folder, name))
    const after = await place.open()
    expect((await after.verify()).firstFault).toMatchObject({ seq: 4, problem: 'entries 4 to 6 are missing' })
    await after.stop()
  })

  it('finds a head that was rolled back, changed or removed, and an anchor that is gone', async () => {
    const audit = await place.open()
    await fill(audit, 2)
    await audit.anchor()
    const file = join(place.folder, 'head.json')
    const old = readFileSync(file, 'utf8')
    await fill(audit, 2)
    await audit.anchor()
    const right = readFileSync(file, 'utf8')
    const verdictOn = async (text: string | undefined) => {
      if (text === undefined) rmSync(file)
      else writeFileSync(file, text)
      return (await audit.verify()).firstFault?.problem
    }
    expect(await verdictOn(old)).toContain('rolled back')
    expect(await verdictOn(right.replace('"seq":4', '"seq":3'))).toContain('changed')
    expect(await verdictOn(undefined)).toContain('removed')
    expect(await verdictOn(right)).toBeUndefined()
    place.anchors.clear()
    expect(await verdictOn(right)).toContain('anchor in the keychain is missing')
    await audit.stop()
  })

  it('is not disturbed by a kill between the first signed head and its anchor', async () => {
    const audit = await place.open()
    const beginning = place.anchors.get('audit-anchor') as Buffer
    await fill(audit, 2)
    await audit.stop()
    place.anchors.set('audit-anchor', beginning)
    const after = await place.open()
    expect(await after.verify()).toMatchObject({ valid: true, notAnchored: 2 })
    await after.stop()
  })

  it('is not disturbed by a line torn by a kill, which is taken away and said', async () => {
    const audit = await place.open()
    await fill(audit, 3)
    await audit.stop()
    appendFileSync(journalOf(place), '{"action":"tools/call","cal')
    const notices: string[] = []
    const after = await place.open({ onNotice: (text) => notices.push(text) })
    expect(notices[0]).toContain('not whole after a crash')
    await fill(after, 1)
    expect(await after.verify()).toMatchObject({ valid: true, checked: 4 })
    await after.stop()
  })

  it('goes on after a last line that cannot be read, and says so', async () => {
    const audit = await place.open()
    await fill(audit, 3)
    await audit.stop()
    const lines = linesOf(place)
    write(place, [...lines.slice(0, 2), (lines[2] ?? '').replace('Editor 3', 'Edited 3')])
    const after = await place.open()
    await fill(after, 1)
    expect(await after.verify()).toMatchObject({ valid: false, firstFault: { seq: 3 } })
    await after.stop()
  })
})

describe('any single change', () => {
  const count = 12
  let place: AuditFixture
  let audit: Audit
  let sound: Buffer
  let lines: readonly string[]
  beforeAll(async () => {
    place = anAuditFolder()
    audit = await place.open()
    await fill(audit, count)
    await audit.anchor()
    sound = readFileSync(journalOf(place))
    lines = linesOf(place)
  })
  afterAll(async () => {
    writeFileSync(journalOf(place), sound)
    expect((await audit.verify()).valid).toBe(true)
    await audit.stop()
    place.remove()
  })
  const line = fc.integer({ min: 0, max: count - 1 })
  const firstFault = async () => (await audit.verify()).firstFault?.seq

  it('of a byte is found and named', async () => {
    const flip = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(flip, async ([at, bits]) => {
        const bytes = Buffer.from(sound)
        const position = at % bytes.length
        bytes[position] = (bytes[position] ?? 0) ^ bits
        writeFileSync(journalOf(place), bytes)
        const entry = sound.subarray(0, position).toString('latin1').split('\n').length
        expect(await firstFault()).toBe(entry)
      }),
      { numRuns: 300 },
    )
  })

  it('by a dropped, swapped, copied or cut off line is found and named', async () => {
    await fc.assert(
      fc.asyncProperty(line, line, async (a, b) => {
        write(place, lines.toSpliced(a, 1))
        expect(await firstFault()).toBe(a + 1)
        write(place, lines.slice(0, a))
        expect(await firstFault()).toBe(a + 1)
        write(place, lines.toSpliced(a, 0, lines[b] ?? ''))
        expect(await firstFault()).toBe(a === b ? a + 2 : a + 1)
        if (a === b) return
        write(place, lines.with(a, lines[b] ?? '').with(b, lines[a] ?? ''))
        expect(await firstFault()).toBe(Math.min(a, b) + 1)
      }),
      { numRuns: 60 },
    )
  })

  it('by a truncation at any byte before the anchor is found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (at) => {
        writeFileSync(journalOf(place), sound.subarray(0, at % sound.length))
        expect(await firstFault()).toBeLessThanOrEqual(count)
      }),
      { numRuns: 100 },
    )
  })
})
