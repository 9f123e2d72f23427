import { expect, it } from 'vitest'
import { countsOf, moved, rowsOf, withKept } from '../../renderer/features/permissions/matrix-grid.ts'
import type { EntryName } from '../../shared/domain/ids.ts'

const tool = (name: string, ...effects: ('allow' | 'ask' | 'deny' | 'hidden')[]) => ({
  name: name as EntryName,
  title: name,
  effects,
})
const matrix = {
  clients: ['editor', 'cursor'],
  servers: [{ name: 'notes', tools: [tool('notes__read', 'allow', 'hidden'), tool('notes__write', 'deny', 'ask')] }],
}

it('has a row for each server, and below an open one for each of its tools', () => {
  expect(rowsOf(matrix, new Set()).map(({ id, cells }) => [id, cells])).toEqual([
    [
      'notes',
      [
        ['allow', 'deny'],
        ['hidden', 'ask'],
      ],
    ],
  ])
  expect(rowsOf(matrix, new Set(['notes'])).map(({ id, tool: name }) => [id, name])).toEqual([
    ['notes', undefined],
    ['notes__read', 'notes__read'],
    ['notes__write', 'notes__write'],
  ])
})

it('counts effects in one order', () => {
  expect(countsOf(['ask', 'allow', 'ask'])).toEqual([
    { cell: 'allow', count: 1 },
    { cell: 'ask', count: 2 },
  ])
})

it.each([
  ['ArrowUp', false, { row: 0, column: 1 }],
  ['ArrowDown', false, { row: 2, column: 1 }],
  ['ArrowLeft', false, { row: 1, column: 0 }],
  ['ArrowRight', false, { row: 1, column: 2 }],
  ['Home', false, { row: 1, column: 0 }],
  ['End', true, { row: 2, column: 2 }],
  ['PageDown', false, { row: 2, column: 1 }],
  ['x', false, undefined],
])('moves by %s and stays in the grid', (key, ctrl, place) => {
  expect(moved({ row: 1, column: 1 }, key, ctrl, 3, 3)).toEqual(place)
})

it('keeps the place with the keyboard, wherever the grid is scrolled', () => {
  expect(withKept(5, 8, 6, 100)).toEqual([5, 6, 7])
  expect(withKept(5, 8, 2, 100)).toEqual([2, 5, 6, 7])
  expect(withKept(5, 8, 70, 100)).toEqual([5, 6, 7, 70])
  expect(withKept(5, 8, -1, 100)).toEqual([5, 6, 7])
})
