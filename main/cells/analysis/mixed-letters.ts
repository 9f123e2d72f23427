import type { Finding } from '../../../shared/domain/finding.ts'
import { excerpt, type PlacedText } from './texts.ts'

const word = /[\p{L}\p{M}\p{N}_-]+/gu
const latin = /\p{Script=Latin}/u
/** Letters of other scripts that pass for Latin ones. @see Unicode UTS #39, confusables.txt */
const twins = /[асԁеһіјӏոорԛѕуѵхүАВЕЅКМНОРСТУХІЈαοινρτυκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսցｅ]/u
const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** A word of Latin letters with look-alikes of another script among them: made to be taken for another word. */
export function mixedLetters({ place, text, isName }: PlacedText): Finding[] {
  if (!foreign.test(text)) return []
  for (const { 0: one, index } of text.matchAll(word)) {
    if (!latin.test(one) || !twins.test(one)) continue
    const letters = [...one].filter((letter) => /\p{L}/u.test(letter))
    const own = letters.filter((letter) => latin.test(letter)).length
    if (letters.length < 4 || own < 2) continue // µm, Δt, λx: symbols, not words
    return [
      { place, rule: 'mixed-letters', detail: excerpt(text, index, one.length), severity: isName ? 'high' : 'medium' },
    ]
  }
  return []
}
