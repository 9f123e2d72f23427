import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GroupCommit } from '../../main/audit/group-commit.ts'
import { Journal, type Written } from '../../main/audit/journal.ts'
import type { BoxCipher } from '../../main/store/data-keys.ts'
import { type AuditFixture, aCall, anAuditFolder, answer } from './audit-fixture.ts'

const count = 100
let place: AuditFixture
beforeEach(() => {
  place = anAuditFolder()
})
afterEach(() => place.remove())

const linesOnDisk = () =>
  readdirSync(place.folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(place.folder, name), 'utf8').trimEnd().split('\n'))

describe('calls that end in the same turn', () => {
  it('are all on disk before the first of their answers leaves, and in order', async () => {
    const audit = await place.open()
    const seen: number[] = []
    const calls = Array.from({ length: count }, () => aCall({ client: 'Editor', decision: 'allow' }))
    await Promise.all(
      calls.map((call) => audit.recorded(call, async () => answer).then(() => seen.push(linesOnDisk().length))),
    )
    expect(seen).toEqual(Array.from({ length: count }, () => count))
    const recorded = linesOnDisk().map((line) => (JSON.parse(line) as { callId: string }).callId)
    expect(recorded).toEqual(calls.map(({ callId }) => callId))
    expect(await audit.verify()).toMatchObject({ valid: true, checked: count })
    await audit.stop()
  })

  it('continue one chain over several files, each found where the index says', async () => {
    const audit = await place.open({ largestSegmentBytes: 10_000 })
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        audit.recorded(aCall({ client: 'Editor', decision: 'allow', arguments: { n } }), async () => answer),
      ),
    )
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.jsonl')).length).toBeGreaterThan(5)
    for (const seq of [1, count / 2, count]) expect(audit.show(seq, 'cli').arguments).toEqual({ n: seq - 1 })
    expect((await audit.verify()).valid).toBe(true)
    await audit.stop()
  })

  it('and weigh more than one write may are written all the same', async () => {
    const audit = await place.open()
    const text = 'ș'.repeat(60_000)
    await Promise.all(
      Array.from({ length: 12 }, () =>
        audit.recorded(aCall({ client: 'Editor', decision: 'allow', arguments: { text } }), async () => answer),
      ),
    )
    expect(audit.show(12, 'cli').arguments).toEqual({ text })
    expect(await audit.verify()).toMatchObject({ valid: true, checked: 13 })
    await audit.stop()
  })
})

it('an entry that could not be written, or not be told of, is refused alone and holds up no other', async () => {
  const [first, second] = [{ hash: 'a' }, { hash: 'b' }] as unknown as readonly Written[]
  const journal = { appendAll: () => ({ written: [first, second] as Written[], error: new Error('full') }) }
  const group = new GroupCommit(journal, ({ hash }) => {
    if (hash === 'b') throw new Error('untold')
  })
  const draft = { fields: { action: 'x', severity: 'info', summary: 'x' }, contents: {} } as const
  const ended = await Promise.allSettled([group.append(draft), group.append(draft), group.append(draft)])
  expect(ended.map((one) => (one.status === 'rejected' ? one.reason.message : 'written'))).toEqual([
    'written',
    'untold',
    'full',
  ])
})

it('an entry whose contents cannot be sealed holds up none before it', () => {
  const cipher: BoxCipher = {
    seal: () => '',
    open: () => Buffer.alloc(0),
    sealBytes: (plain) => {
      if (Buffer.from(plain).includes('second')) throw new Error('no key')
      return Buffer.from('k.AAAA')
    },
  }
  const journal = new Journal(place.folder, cipher, Date.now)
  const draft = (result: string) => ({
    fields: { action: 'x', severity: 'info', summary: 'x' } as const,
    contents: { result },
  })
  const { written, error } = journal.appendAll([draft('first'), draft('second'), draft('third')])
  expect(written.map((one) => journal.read(one).entry.seq)).toEqual([1])
  expect(error).toMatchObject({ code: 'audit.unwritable' })
  expect(journal.append({ action: 'x', severity: 'info', summary: 'x' }, { result: 'fourth' }).entry.seq).toBe(2)
  journal.close()
})
