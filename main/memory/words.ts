/** Letters and digits, without accents and case: as FTS5’s `unicode61 remove_diacritics 2` sees words. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []
