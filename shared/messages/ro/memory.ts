import type { memoryLimitWords as english } from '../en/memory.ts'

/** What the memory limits, in the middle of a sentence. */
export const memoryLimitWords = {
  nameChars: 'caractere într-un nume sau tip',
  textChars: 'caractere într-un text',
  observationsPerConcept: 'observații ale unui concept',
  attributesChars: 'caractere în atribute',
  itemsPerWrite: 'elemente într-un apel',
  concepts: 'concepte într-un spațiu de lucru',
  relations: 'relații într-un spațiu de lucru',
  answerBytes: 'octeți într-un răspuns',
} as const satisfies Record<keyof typeof english, string>
