import { wordsOf } from '../words.ts'

/** Two names that differ only in case, accents, spaces or punctuation are spelled the same. */
export const foldedName = (name: string): string => wordsOf(name).join(' ') || name
