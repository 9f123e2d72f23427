import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openContents, type PlainContents, Sealer, sha256 } from '../../main/audit/contents.ts'
import { canonicalText, type Entry, noHash, readLine } from '../../main/audit/entry.ts'
import { DataKeys } from '../../main/store/data-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-contents-'))
let cipher: DataKeys
beforeAll(async () => {
  cipher = await DataKeys.open(join(folder, 'data-keys.json'), randomBytes(32))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const reopened = (plain: PlainContents) => {
  const { contents, box } = new Sealer(cipher, randomBytes).seal(plain)
  return openContents(contents ? { contents } : {}, box ? { contents: box } : {}, cipher)
}

describe('contents', () => {
  it('come back as they were, whichever there are', () => {
    const anyText = fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })
    fc.assert(
      fc.property(anyText, anyText, (args, result) => {
        const plain = {
          ...(args === undefined ? {} : { arguments: args }),
          ...(result === undefined ? {} : { result }),
        }
        const texts = Object.fromEntries(Object.entries(reopened(plain)).map(([field, { text }]) => [field, text]))
        expect(texts).toEqual(plain)
      }),
    )
  })

  it.each([1_000, 100_000, 1_000_000])('of %i characters do not run into each other when they are cut', (length) => {
    const [args, result] = ['ä'.repeat(length), 'b'.repeat(length)]
    const opened = reopened({ arguments: args, result, keptBytes: 5_000 })
    const isWhole = length * 2 <= 5_000
    expect(opened.arguments).toEqual({ text: args.slice(0, 2_500), sizeBytes: length * 2, isWhole })
    expect(opened.result).toEqual({ text: result.slice(0, 5_000), sizeBytes: length, isWhole: length <= 5_000 })
  })

  it.each([24_574, 24_575, 24_576, 24_577, 200_001])(
    'of %i bytes come back whole, however they are portioned',
    (length) => {
      const [args, result] = ['ä'.repeat(length).slice(0, length / 2), 'b'.repeat(1_000)]
      const opened = reopened({ arguments: args, result })
      expect(opened).toMatchObject({
        arguments: { text: args, isWhole: true },
        result: { text: result, isWhole: true },
      })
    },
  )

  it('commit to all of a text that is cut, under the salt in the box', () => {
    const long = 'x'.repeat(9_000)
    const { contents, box } = new Sealer(cipher, randomBytes).seal({ result: long, keptBytes: 100 })
    const inBox = cipher.open(`${box}`, 'audit:contents')
    expect(inBox).toHaveLength(116)
    expect(contents?.result).toEqual({
      commit: sha256(Buffer.concat([inBox.subarray(0, 16), Buffer.from(long)])),
      kept: 100,
      size: 9_000,
    })
  })
})

describe('an entry of the first form, with a box for each text', () => {
  const write = (text: string) => {
    const salted = Buffer.concat([randomBytes(16), Buffer.from(text)])
    const box = cipher.seal(salted, 'audit:arguments')
    const committed = { commit: sha256(salted), size: salted.length - 16, sum: sha256(box) }
    const head = {
      action: 'tools/call',
      severity: 'info',
      summary: 'x',
      version: 1,
      seq: 1,
      time: 1,
      prev: noHash,
    } as const
    const body = canonicalText({ ...head, arguments: committed })
    const line = `${body.slice(0, -1)},"hash":"${sha256(body)}","boxes":{"arguments":"${box}"}}`
    const read = readLine(Buffer.from(line))
    if ('problem' in read) throw new Error(read.problem)
    return read
  }

  it('is read as before', () => {
    const { entry, boxes } = write('{"path":"a"}')
    expect(openContents(entry, boxes, cipher).arguments).toEqual({ text: '{"path":"a"}', sizeBytes: 12, isWhole: true })
  })

  it('is not believed when its box holds another text', () => {
    const [{ boxes }, { entry }] = [write('{"path":"a"}'), write('{"path":"b"}')]
    expect(() => openContents(entry as Entry, boxes, cipher)).toThrow('not what the entry committed to')
  })
})
