/** What the memory limits, in the middle of a sentence. */
export const memoryLimitWords = {
  nameChars: 'characters in a name or type',
  textChars: 'characters in a text',
  observationsPerConcept: 'observations of one concept',
  conceptChars: 'characters in all that is known of one concept',
  attributesDepth: 'attributes nested in one another',
  bytes: 'bytes of one workspace on the disk (erase what is no longer needed: gatehouse memory erase)',
  attributesChars: 'characters in attributes',
  itemsPerWrite: 'items in one call',
  concepts: 'concepts in one workspace',
  relations: 'relations in one workspace',
  answerBytes: 'bytes in an answer',
} as const
