/** What the memory limits, in the middle of a sentence. */
export const memoryLimitWords = {
  nameChars: 'characters in a name or type',
  textChars: 'characters in a text',
  observationsPerConcept: 'observations of one concept',
  attributesChars: 'characters in attributes',
  itemsPerWrite: 'items in one call',
  concepts: 'concepts in one workspace',
  relations: 'relations in one workspace',
  answerBytes: 'bytes in an answer',
} as const
