import { describe, expect, it } from 'vitest'
import { shellWords } from '../../../main/shells/electron/words.ts'

describe('the tray', () => {
  it.each([
    [1, '1 question waits', 'O întrebare așteaptă'],
    [2, '2 questions wait', '2 întrebări așteaptă'],
    [19, '19 questions wait', '19 întrebări așteaptă'],
    [20, '20 questions wait', '20 de întrebări așteaptă'],
    [101, '101 questions wait', '101 întrebări așteaptă'],
    [120, '120 questions wait', '120 de întrebări așteaptă'],
  ])('counts %i in both languages', (count, english, romanian) => {
    expect(shellWords('en').waiting(count)).toBe(english)
    expect(shellWords('ro').waiting(count)).toBe(romanian)
  })
})
