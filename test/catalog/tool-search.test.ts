import { expect, it } from 'vitest'
import { stem, wordsOf } from '../../main/catalog/search-words.ts'
import { ToolSearch } from '../../main/catalog/tool-search.ts'
import { processorTime } from '../support/processor-time.ts'
import { corpus, corpusEntries, recallAt } from './tool-corpus.ts'

const entries = corpusEntries()
const search = new ToolSearch(entries)
const names = (query: string, limit = 5, server?: string) => search.find(query, limit, server).map(({ name }) => name)

it('finds a right tool among the first five of 1 500 for nearly every query of a fixed set', () => {
  expect([corpus.length, entries.length]).toEqual([100, 1500])
  const { recall, missed } = recallAt(5, (query, limit) => search.find(query, limit))
  expect(recall, missed.join('\n')).toBeGreaterThanOrEqual(0.9)
})

it('ranks the same whatever order the tools came in', () => {
  const other = new ToolSearch([...entries].reverse())
  for (const query of ['create an issue', 'delete', 'send mail', 'folder'])
    expect(other.find(query, 20).map(({ name }) => name)).toEqual(names(query, 20))
})

it('finds a tool by its exact name, by a beginning, and in another form of the word', () => {
  expect(names('delete_shared_link')[0]).toBe('dropbox__delete_shared_link')
  expect(names('kube pod deleting')[0]).toBe('kubernetes__delete_pod')
  expect(names('playlists')[0]).toMatch(/^spotify__\w+_playlist$/)
})

it('keeps to one server when told to, and says nothing rather than anything', () => {
  expect(names('create', 20, 'trello').every((name) => name.startsWith('trello__'))).toBe(true)
  expect(names('qqqq wwww')).toEqual([])
  expect(names('', 3, 'trello')).toEqual(['trello__create_board', 'trello__create_card', 'trello__create_checklist'])
})

it.each([
  ['readFiles', ['read', 'fil']],
  ['HTTPServer v2', ['http', 'server', 'v', '2']],
  ['naïve cafés', ['naiv', 'caf']],
])('reads %s as %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

it('takes the forms of a word for one', () => {
  for (const [one, other] of [
    ['delete', 'deleting'],
    ['deletes', 'deleted'],
    ['stop', 'stopping'],
    ['query', 'queries'],
    ['box', 'boxes'],
    ['list', 'lists'],
  ])
    expect([one, stem(one ?? '')]).toEqual([one, stem(other ?? '')])
})

it('stays quick for any query', () => {
  const tookMs = processorTime()
  search.find('delete '.repeat(1000), 20)
  search.find('\u0000'.repeat(100_000), 20)
  for (let round = 0; round < 20; round++) search.find('create a new calendar event with a reminder', 20)
  expect(tookMs()).toBeLessThan(1000)
})
