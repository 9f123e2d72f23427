import type { Json, JsonObject } from '../../../shared/domain/json.ts'

/** A text of a definition and where it stands. */
export interface PlacedText {
  readonly place: string
  readonly text: string
  /** A name rather than prose: letters of two scripts in it are no accident. */
  readonly isName: boolean
}

const deepest = 24
/** What one entry may say in all; more is not read, and said to be too long. */
export const mostCharacters = 200_000
const names = new Set(['name', 'uri', 'uriTemplate'])

/** Every text of a definition wherever it stands, names of parameters included: models read them all. */
export function textsOf(definition: JsonObject): { readonly texts: PlacedText[]; readonly isWhole: boolean } {
  const texts: PlacedText[] = []
  let left = mostCharacters
  const take = (place: string, text: string, isName: boolean) => {
    if (left <= 0) return
    texts.push({ place, text: text.slice(0, left), isName })
    left -= text.length
  }
  const walk = (value: Json, place: string, key: string, depth: number): void => {
    if (left <= 0 || depth > deepest) return
    if (typeof value === 'string') take(place, value, depth === 1 && names.has(key))
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      value.forEach((item: Json, at) => {
        walk(item, `${place}[${at}]`, key, depth + 1)
      })
      return
    }
    for (const [name, member] of Object.entries(value as JsonObject)) {
      const inside = place === '' ? name : `${place}.${name}`
      if (key === 'properties') take(inside, name, true)
      walk(member, inside, name, depth + 1)
    }
  }
  walk(definition, '', '', 0)
  return { texts, isWhole: left > 0 }
}

/** A piece of a text around `at`, everything invisible written as its code point. */
export function excerpt(text: string, at: number, length = 0): string {
  const from = Math.max(0, at - 20)
  return visible(text.slice(from, Math.min(text.length, at + Math.max(length, 40)))).slice(0, 160)
}

/** Invisible and controlling characters as `⟨U+200B⟩`; tag letters as what they spell. */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|[\u{E0000}-\u{E0FFF}]|\u034F/gu, (letter) => {
      if (letter === '\n' || letter === '\t' || letter === '\r') return ' '
      return `⟨U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
    })
