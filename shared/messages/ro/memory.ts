import type { memoryLimitWords as english } from '../en/memory.ts'

/** What the memory limits, in the middle of a sentence. */
export const memoryLimitWords = {
  nameChars: 'caractere într-un nume sau tip',
  textChars: 'caractere într-un text',
  observationsPerConcept: 'observații ale unui concept',
  conceptChars: 'caractere în tot ce se știe despre un concept',
  attributesDepth: 'atribute unul în altul',
  bytes: 'octeți pe disc pentru un spațiu de lucru (ștergeți ce nu mai este necesar: gatehouse memory erase)',
  attributesChars: 'caractere în atribute',
  itemsPerWrite: 'elemente într-un apel',
  concepts: 'concepte într-un spațiu de lucru',
  relations: 'relații într-un spațiu de lucru',
  answerBytes: 'octeți într-un răspuns',
} as const satisfies Record<keyof typeof english, string>
