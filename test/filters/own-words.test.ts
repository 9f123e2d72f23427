import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { OwnWordStore } from '../../main/filters/own-word-store.ts'
import { OwnWords } from '../../main/filters/own-words.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { OwnWordDraft } from '../../shared/domain/filters.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aServer } from '../permissions/a-call.ts'

const aWord = (value: string, more: Partial<OwnWordDraft> = {}): OwnWordDraft => ({
  name: value,
  kind: 'word',
  value,
  severity: 'warning',
  call: 'block',
  reply: 'redact',
  ...more,
})
const aPattern = (value: string, more: Partial<OwnWordDraft> = {}) => aWord(value, { kind: 'pattern', ...more })

function someFilters(...words: OwnWordDraft[]) {
  const filters = defaultFilters({ knownValues: () => [], paths: new Paths(thisPlatform('/home/ada')) })
  for (const word of words) filters.contents.own.add(word)
  const { server, entry } = aCall({ server: aServer() })
  return {
    filters,
    own: filters.contents.own,
    call: (args: JsonObject) => filters.call({ server, entry, arguments: args }),
    answer: (result: JsonObject) => filters.reply({ server, entry, reply: { kind: 'result', result } as Reply }),
  }
}

describe('a word of the person’s own', () => {
  it('stops a call or is taken out of an answer, in any case, also as a key, in a short text and in a number', () => {
    const { call, answer } = someFilters(aWord('Bluebird'), aWord('KPX'), aWord('4711'))
    for (const args of [{ a: 'project BLUEBIRD' }, { bluebird: 1 }, { a: { b: ['x', 'kpx'] } }, { n: 24711 }])
      expect(() => call(args as JsonObject)).toThrow(expect.objectContaining({ code: 'filters.blocked' }))
    expect(call({ a: 'blue bird' }).labels).toEqual([])
    const { reply, labels } = answer({ content: [{ type: 'text', text: 'the bluebirds fly' }] })
    expect(JSON.stringify(reply)).toContain('the [own-words removed by Gatehouse]s fly')
    expect(labels).toContain('own-word')
  })

  it('does what is said for each direction, is counted, and is gone when it is removed, without a restart', () => {
    const { own, call, answer } = someFilters(aWord('Bluebird', { call: 'redact', reply: 'allow' }))
    expect(call({ a: 'bluebird' })).toMatchObject({
      arguments: { a: '[own-words removed by Gatehouse]' },
      labels: ['own-word'],
    })
    expect(answer({ text: 'bluebird' }).reply).toEqual({ kind: 'result', result: { text: 'bluebird' } })
    const [word] = own.list
    expect(own.found(word as NonNullable<typeof word>)).toEqual({ call: 1, reply: 1 })
    own.remove(word?.id ?? '')
    expect(call({ a: 'bluebird' }).labels).toEqual([])
    own.add(aWord('starling'))
    expect(() => call({ a: 'Starling' })).toThrow()
  })

  it('never stands in what is thrown: neither a found word nor a pattern that cannot be used', () => {
    const { own, call } = someFilters(aWord('Bluebird', { name: 'code name' }))
    const messages: string[] = []
    const said = (act: () => unknown) => {
      try {
        act()
      } catch (error) {
        messages.push(JSON.stringify((error as { params: unknown }).params))
      }
    }
    said(() => call({ a: 'bluebird' }))
    for (const value of ['bluebird(', '(?=bluebird)', '(bluebird)\\1', '^bluebird$', '(bluebird)*', '(bluebird){900}'])
      said(() => own.add(aPattern(value, { name: 'p' })))
    said(() => own.add(aWord('Bluebird', { name: 'Code Name' })))
    expect(messages).toHaveLength(8)
    for (const message of messages) expect(message.toLowerCase()).not.toContain('bluebird')
    expect(own.list).toHaveLength(1)
  })
})

describe('a pattern of the person’s own', () => {
  it('is found wherever it stands, over the edges of pieces too', () => {
    const own = new OwnWords()
    own.add(aPattern('PRJ-[0-9]{4,6}\\b'))
    for (const before of [0, 7, 8185, 8190, 8192, 20_000]) {
      const text = `${'x '.repeat(before / 2)}PRJ-12345 and more ${'y '.repeat(9_000)}`
      const start = text.indexOf('PRJ')
      expect(own.find(text)).toContainEqual(expect.objectContaining({ start, end: start + 9, reason: 'pattern' }))
    }
    expect(own.find(`prj-1234 PRJ-12 ${'z'.repeat(30_000)}`)).toEqual([])
  })

  it('takes out exactly what the built-in engine would find, for words as for patterns', () => {
    const own = new OwnWords()
    own.add(aPattern('a[bc]+d'))
    own.add(aWord('bb'))
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'B', 'İ', '😀'), maxLength: 40 }), (text) => {
        const covered = new Set(own.find(text).flatMap(({ start, end }) => range(start, end)))
        const expected = new Set(
          [...text.matchAll(/a[bc]+d/g)].flatMap((hit) => range(hit.index, hit.index + hit[0].length)),
        )
        for (let at = text.search(/bb/i); at >= 0; at = next(text, at))
          for (const one of range(at, at + 2)) expected.add(one)
        expect([...covered].sort()).toEqual([...expected].sort())
      }),
    )
  })

  it('takes time in proportion to a text, also where patterns fit everywhere', () => {
    const own = new OwnWords()
    for (const value of ['(a|b|ab)+c', '([a-z]{1,9} ){3}', '(a+)+b', 'x.*y.*z']) own.add(aPattern(value))
    const cost = (text: string) => {
      const before = process.cpuUsage()
      own.find(text)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    }
    for (const unit of ['ab', 'a', 'one two three ', 'xyz', 'x'])
      expect(Math.min(...[1, 2, 3].map(() => cost(unit.repeat(1_000_000 / unit.length))))).toBeLessThan(2_000)
  })
})

describe('the table of words', () => {
  it('holds nothing readable, keeps them over a restart, and does not take what was put there without the key', async () => {
    const home = mkdtempSync(join(tmpdir(), 'gatehouse-words-'))
    const file = join(home, 'db')
    const cipher = await DataKeys.open(join(home, 'keys.json'), randomBytes(32))
    const seal = rowSeal(randomBytes(32))
    let forged = 0
    const db = openDatabase(file)
    const store = () => new OwnWordStore(db, seal, cipher, () => forged++)
    const own = new OwnWords(store())
    own.add(aWord('Bluebird', { name: 'Kodename' }))
    own.add(aPattern('PRJ-[0-9]+'))
    db.pragma('wal_checkpoint(TRUNCATE)')
    expect(readFileSync(file).toString('latin1')).not.toMatch(/bluebird|kodename|PRJ-\[/i)
    expect(new OwnWords(store()).list).toEqual(own.list)
    db.exec(`INSERT INTO filter_word SELECT 'fw_other', content, seal FROM filter_word LIMIT 1`)
    expect(new OwnWords(store()).list).toHaveLength(2)
    expect(forged).toBe(1)
    expect(store().forged()).toEqual(['fw_other'])
    const restored = await DataKeys.open(join(home, 'other-keys.json'), randomBytes(32)) // without the key they were sealed with
    const unreadable = new OwnWordStore(db, seal, restored, () => forged++)
    expect(unreadable.all()).toEqual([])
    expect(unreadable.forged()).toEqual(['fw_other'])
    db.close()
    rmSync(home, { recursive: true })
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

function next(text: string, at: number): number {
  const found = text.slice(at + 1).search(/bb/i)
  return found < 0 ? -1 : at + 1 + found
}
