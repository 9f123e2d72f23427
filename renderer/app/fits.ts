/** Without case and accents. */
export const plainText = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether every word of a query is in one of the texts, whatever its case and accents. */
export function fits(query: string, texts: readonly string[]): boolean {
  const all = plainText(texts.join('\n'))
  return plainText(query)
    .split(/\s+/)
    .every((word) => all.includes(word))
}
