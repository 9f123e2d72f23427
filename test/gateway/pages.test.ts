import { expect, it } from 'vitest'
import { page } from '../../main/gateway/pages.ts'

const list = (...names: (string | number)[]) => names.map((name) => ({ name: String(name) }))
const numbers = (from: number, to: number) => list(...Array.from({ length: to - from }, (_, place) => from + place))
const names = (items: readonly object[]) => items.map((item) => (item as { name: string }).name)
const first = page(numbers(0, 300), undefined, 'name', 200)
const next = (all: { name: string }[]) => names(page(all, first.nextCursor, 'name', 200).items)

it('gives a list in pages', () => {
  expect(first.items).toHaveLength(200)
  expect(next(numbers(0, 300))).toEqual(names(numbers(200, 300)))
  expect(page(numbers(0, 200), undefined, 'name', 200).nextCursor).toBeUndefined()
})

it('neither repeats nor hides anything when entries are added or taken away before the cursor', () => {
  expect(next([...list('new'), ...numbers(0, 300)])).toEqual(names(numbers(200, 300)))
  expect(next(numbers(7, 300))).toEqual(names(numbers(200, 300)))
  expect(next(numbers(199, 300))).toEqual(names(numbers(200, 300)))
})

it('hides nothing when the very entry it named is gone, with a whole server around it', () => {
  const without = [...numbers(0, 190), ...numbers(230, 300)]
  expect(next(without)).toEqual(expect.arrayContaining(names(numbers(230, 300))))
  expect(next(numbers(200, 300))).toEqual(names(numbers(200, 300)))
  expect(next([])).toEqual([])
})

it('goes by the member that tells entries of a list apart', () => {
  const all = Array.from({ length: 3 }, (_, place) => ({ name: 'same', uri: `file:///${place}` }))
  const begun = page(all, undefined, 'uri', 1)
  expect(page([{ name: 'same', uri: 'file:///new' }, ...all], begun.nextCursor, 'uri', 1).items).toEqual([all[1]])
})

it.each([undefined, 7, '', 'x', Buffer.from('p200').toString('base64url'), Buffer.from('p1.zz').toString('base64url')])(
  'refuses the cursor %s, which it never gave',
  (cursor) => {
    if (cursor === undefined) return expect(page(list('a'), cursor).items).toHaveLength(1)
    expect(() => page(list('a'), cursor)).toThrow('Invalid cursor')
  },
)
