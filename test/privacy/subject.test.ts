import { describe, expect, it } from 'vitest'
import { isSubjectWord, sameWords, seekIn, seekInValue, withoutPerson } from '../../shared/domain/subject.ts'

const names = (word: string, text: string) => seekIn([word])(text) !== undefined

describe('a person is found in a text', () => {
  it.each([
    ['Ana Pop', 'met ANA  pop at noon'],
    ['Ștefan', 'de la STEFAN'],
    ['Stefan', 'lui Ștefan'],
    ['ana.pop@example.org', 'mailto:Ana.Pop@example.org?x=1'],
    ['ana.pop@example.org', 'https://x.test/?to=ana.pop%40example.org'],
    ['+40 722 123 456', 'call +40722123456 now'],
    ['0722123456', 'tel 0722-123-456'],
    ['Ana Pop', String.raw`{"text":"{\"who\":\"x\\nAna Pop\"}"}`],
    ['Zoé', String.raw`{"name":"Zo\u00e9"}`],
    ['robert', String.raw`C:\Users\robert\notes`],
    ['C-3PO/x', 'id c-3po/x.'],
    ['Ana "Bee" Pop', String.raw`{"a":"Ana \"Bee\" Pop"}`],
  ])('“%s” in “%s”', (word, text) => expect(names(word, text)).toBe(true))

  it.each([
    ['Ana', 'banana analysis'],
    ['ana.pop@example.org', 'mariana.pop@example.org'],
    ['0722123456', '10722123456'],
    ['a.c', 'abc'],
  ])('“%s” not in “%s”', (word, text) => expect(names(word, text)).toBe(false))

  it('with what stands around the name, as it was written', () => {
    expect(seekIn(['Pop'])('Ana Pop lives here')).toBe('Ana Pop lives here')
    expect(seekIn(['Pop'])(`${'x '.repeat(100)}Pop`)).toMatch(/^… .*Pop$/)
  })
})

it('a word needs three letters or digits', () => {
  expect(['Ana', '007', 'Żak'].every(isSubjectWord)).toBe(true)
  expect(['An', '.. .', 'a-b'].some(isSubjectWord)).toBe(false)
})

it('the same words are the same, whatever their order, case and accents', () => {
  expect(sameWords(['Ana Pop', 'ștefan'])).toBe(sameWords(['STEFAN', 'ana  pop', 'Ana Pop']))
})

it('values lose every text that names the person, and members named for them', () => {
  const seek = seekIn(['Ana Pop', '0722123456'])
  const value = { who: 'Ana Pop', list: ['x', 'tel 0722 123 456'], 'ana pop': 1, n: 722123456, other: { a: null } }
  expect(seekInValue(seek, { deep: [{ 'Ana Pop': true }] })).toBe('Ana Pop')
  expect(withoutPerson(seek, value, '-')).toEqual({ who: '-', list: ['x', '-'], n: 722123456, other: { a: null } })
})
