import { expect, it } from 'vitest'
import { lineDiff } from '../../renderer/ui/line-diff.ts'

it('shows what was removed and added between lines that stayed', () => {
  expect(lineDiff('a\nb\nc', 'a\nx\nc\nd')).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
    { kind: 'added', text: 'd' },
  ])
})
it('loses no line of very long texts', () => {
  const long = Array.from({ length: 2_000 }, (_, line) => `${line}`).join('\n')
  const lines = lineDiff(long, `${long}\nend`)
  expect(lines.filter(({ kind }) => kind !== 'removed')).toHaveLength(2_001)
})
