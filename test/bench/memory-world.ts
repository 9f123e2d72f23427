import type { Entity, Link } from '../../shared/domain/memory.ts'

/** mulberry32: the same numbers every time. */
export function aRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const syllables = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dro fli gre pla sto tri'.split(
  ' ',
)
const vocabulary = 30_000
const types = 20

/** Concepts in words of Zipf's distribution, as in real text: few words are in most texts, most in few. */
export function aWorld(concepts: number, random: () => number) {
  const words = Array.from({ length: vocabulary }, (_, at) => spelled(at))
  const word = () => words[Math.min(vocabulary - 1, Math.floor(vocabulary ** random()) - 1)] ?? ''
  const rare = () => words[Math.floor(random() * vocabulary)] ?? ''
  const text = (length: number) => Array.from({ length }, word).join(' ')
  const names: string[] = []
  const name = () => names[Math.floor(random() ** 2 * Math.min(names.length, concepts))] ?? ''
  const type = () => `type ${Math.floor(random() * types)}`
  return {
    name,
    type,
    entities: (from: number, to: number): Entity[] =>
      Array.from({ length: to - from }, (_, at) => {
        names[from + at] = `${rare()} ${word()} ${from + at}`
        return { name: names[from + at] ?? '', entityType: type(), observations: [text(20), text(12)] }
      }),
    links: (count: number): Link[] =>
      Array.from({ length: count }, (_, at) => ({ from: name(), to: name(), relationType: `relation ${at % 200}` })),
    /** Some words of a person's question, of which one or two tell. */
    question: () => `what about ${rare()} ${word()} ${word()} ${rare()} ${text(3)}`,
  }
}

function spelled(at: number): string {
  let [rest, spelling] = [at + syllables.length, '']
  for (; rest > 0; rest = Math.floor(rest / syllables.length)) spelling += syllables[rest % syllables.length]
  return spelling
}
