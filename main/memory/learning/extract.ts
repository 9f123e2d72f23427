import type { Interaction } from '../../../shared/domain/memory.ts'

/** Something said that is worth keeping, or a name that was mentioned. */
export interface Noticed {
  readonly name: string
  readonly type: string
  /** The sentence it comes from; none for a mere mention. */
  readonly observation?: string
  readonly confidence: number
}
export interface NoticedRelation {
  readonly from: string
  readonly to: string
  readonly type: string
}
export interface Extracted {
  readonly concepts: readonly Noticed[]
  readonly relations: readonly NoticedRelation[]
  /** Names in the answer: they count when they are known already. */
  readonly mentioned: readonly string[]
}

/** How the person is called in their own memory. */
export const personName = 'User'
const told = 0.8
const merelyMentioned = 0.4
const sentencesAtMost = 200
const mentionsAtMost = 20

const name = "[\\p{Lu}][\\p{L}\\p{N}'’.-]*(?: (?:de |la |of |the )?[\\p{Lu}\\p{N}][\\p{L}\\p{N}'’.-]*){0,4}"
const rest = '[^.,;:!?\\n]{2,80}'
const often = '(?:really |usually |always |generally |mostly |foarte mult |mereu )?'

interface Rule {
  readonly pattern: RegExp
  readonly make: (found: readonly string[], sentence: string) => { concepts: Noticed[]; relations: NoticedRelation[] }
}

/** Of the person: what they are, like, have. The object is a concept, joined to the person. */
const ofPerson = (pattern: string, relation: string, type: string): Rule => ({
  pattern: new RegExp(pattern, 'iu'),
  make: ([object = ''], sentence) => {
    const thing = tidied(object)
    return {
      concepts: [{ name: thing, type, observation: sentence, confidence: told }],
      relations: [{ from: personName, to: thing, type: relation }],
    }
  },
})
/** Of two named things. */
const ofTwo = (between: string, relation: string, type: string): Rule => ({
  pattern: new RegExp(`(${name}) (?:${between}) (${name})`, 'u'),
  make: ([from = '', to = ''], sentence) => ({
    concepts: [
      { name: tidied(from), type: 'entity', observation: sentence, confidence: told },
      { name: tidied(to), type, confidence: merelyMentioned },
    ],
    relations: [{ from: tidied(from), to: tidied(to), type: relation }],
  }),
})

const rules: readonly Rule[] = [
  ofPerson(`(?<!\\p{L})I ${often}(?:like|love|enjoy|prefer)\\s+(${rest})`, 'likes', 'preference'),
  ofPerson(
    `(?<!\\p{L})I ${often}(?:don['’]t like|do not like|hate|dislike|avoid|can['’]t stand)\\s+(${rest})`,
    'dislikes',
    'preference',
  ),
  ofPerson(`(?<!\\p{L})I (?:live|moved) (?:in|to)\\s+(${rest})`, 'lives in', 'place'),
  ofPerson(`(?<!\\p{L})I work (?:at|for)\\s+(${rest})`, 'works at', 'organisation'),
  ofPerson(`(?<!\\p{L})I(?:['’]m| am) (?:from)\\s+(${rest})`, 'comes from', 'place'),
  ofPerson(`(?<!\\p{L})I(?:['’]m| am) (?:an?)\\s+(${rest})`, 'is', 'role'),
  ofPerson(`(?<!\\p{L})I(?:['’]m| am) allergic to\\s+(${rest})`, 'is allergic to', 'fact'),
  ofPerson(`(?<!\\p{L})my name is\\s+(${rest})`, 'is called', 'person'),
  ofPerson(`(?<!\\p{L})îmi plac(?:e)?\\s+(${rest})`, 'likes', 'preference'),
  ofPerson(`(?<!\\p{L})prefer\\s+(${rest})`, 'likes', 'preference'),
  ofPerson(`(?<!\\p{L})nu(?: îmi|-mi) plac(?:e)?\\s+(${rest})`, 'dislikes', 'preference'),
  ofPerson(`(?<!\\p{L})(?:locuiesc|stau) (?:în|la)\\s+(${rest})`, 'lives in', 'place'),
  ofPerson(`(?<!\\p{L})lucrez la\\s+(${rest})`, 'works at', 'organisation'),
  {
    pattern: new RegExp(`(?<!\\p{L})my (${'[\\p{L} ]{2,30}?'}) (?:is|is called|is named|are)\\s+(${rest})`, 'iu'),
    make: ([what = '', value = ''], sentence) => {
      const [thing, of] = [tidied(value.replace(/^(?:called|named) /u, '')), tidied(what)]
      if (of === 'name') return { concepts: [], relations: [] }
      return {
        concepts: [{ name: thing, type: of, observation: sentence, confidence: told }],
        relations: [{ from: personName, to: thing, type: `has ${of}` }],
      }
    },
  },
  {
    pattern: /(?<!\p{L})(?:remember|note|keep in mind|reține|ține minte)(?: that| că)?[:,]? (.{5,300})/iu,
    make: ([fact = ''], sentence) => ({
      concepts: [{ name: tidied(fact).slice(0, 80), type: 'fact', observation: sentence, confidence: told }],
      relations: [],
    }),
  },
  ofTwo('works (?:at|for)|lucrează la', 'works at', 'organisation'),
  ofTwo('lives in|locuiește în', 'lives in', 'place'),
  ofTwo('knows|cunoaște', 'knows', 'entity'),
  ofTwo('uses|folosește', 'uses', 'entity'),
  ofTwo('depends on|depinde de', 'depends on', 'entity'),
  ofTwo('belongs to|is part of|aparține de', 'belongs to', 'entity'),
  ofTwo('manages|leads|conduce', 'leads', 'entity'),
]

/** Finds what is said of things and people, by rules; facts only in what the person said. Reads nothing into questions. */
export function extract({ said, answered }: Interaction): Extracted {
  const concepts = new Map<string, Noticed>()
  const relations: NoticedRelation[] = []
  for (const sentence of sentencesOf(said)) {
    for (const { pattern, make } of sentence.endsWith('?') ? [] : rules) {
      const found = pattern.exec(sentence)
      if (!found) continue
      const made = make(found.slice(1), sentence)
      for (const one of made.concepts) if (one.name.length > 1) add(concepts, one)
      relations.push(...made.relations.filter(({ from, to }) => from.length > 1 && to.length > 1))
    }
    for (const mention of mentionsIn(sentence))
      add(concepts, { name: mention, type: 'entity', confidence: merelyMentioned })
  }
  const mentioned = sentencesOf(answered ?? '').flatMap(mentionsIn)
  return { concepts: [...concepts.values()], relations, mentioned: [...new Set(mentioned)].slice(0, mentionsAtMost) }
}

/** What says more of it stands. */
function add(concepts: Map<string, Noticed>, one: Noticed): void {
  const known = concepts.get(one.name)
  if (!known || (known.observation === undefined && one.observation !== undefined)) concepts.set(one.name, one)
}

const sentencesOf = (text: string): string[] =>
  (text.match(/[^.!?\n]+(?:\.(?=\S)[^.!?\n]*)*[.!?]?/gu) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 3 && sentence.length < 500)
    .slice(0, sentencesAtMost)

/** Capitalised names that do not merely begin a sentence. */
function mentionsIn(sentence: string): string[] {
  const found = [...sentence.matchAll(new RegExp(name, 'gu'))]
  return found
    .filter(({ index, 0: text }) => index > 0 || text.includes(' '))
    .map(([text]) => tidied(text))
    .filter((text) => text.length > 2 && !/^I['’]/u.test(text))
}

const tidied = (text: string): string =>
  text
    .trim()
    .replace(/^(?:the|a|an) /iu, '')
    .replace(/\s+/gu, ' ')
    .replace(/[.'’-]+$/u, '')
