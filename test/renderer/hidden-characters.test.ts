import { expect, it } from 'vitest'
import { revealHidden } from '../../renderer/ui/hidden-characters.ts'

it('names every character that reorders text or draws nothing', () => {
  expect(revealHidden('rm\u202Etxt.\u200B\u0007')).toEqual([
    { text: 'rm', hidden: false },
    { text: 'U+202E', hidden: true },
    { text: 'txt.', hidden: false },
    { text: 'U+200B', hidden: true },
    { text: 'U+0007', hidden: true },
  ])
})
it('names a tag character beyond the basic plane, and leaves ordinary text, tabs and lines alone', () => {
  expect(revealHidden('\u{e0041}')).toEqual([{ text: 'U+E0041', hidden: true }])
  expect(revealHidden('ă\t日本\n🙂')).toEqual([{ text: 'ă\t日本\n🙂', hidden: false }])
})
