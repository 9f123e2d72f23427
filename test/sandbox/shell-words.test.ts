import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shellWord, shellWords } from '../../main/sandbox/shell-words.ts'

it('reads back every list of words exactly', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'))
  fc.assert(
    fc.property(fc.array(text), (words) => {
      expect(shellWords(words.map(shellWord).join(' '))).toEqual(words)
    }),
  )
})

it('writes a word that a real shell takes unchanged', () => {
  const word = `a 'b' "c" $(d) \`e\` \\ ! \n * ; & |`
  expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word)
})

it.each(['a; b', 'a | b', 'a && b', 'a $(b)', 'a `b`', 'a > b', 'a *', "'open", '"$HOME"', 'a\nb', '~/x'])(
  'refuses %j, which a shell would do more with',
  (line) => {
    expect(() => shellWords(line)).toThrow()
  },
)

it('refuses a NUL byte', () => {
  expect(() => shellWord('a\0b')).toThrow()
})
