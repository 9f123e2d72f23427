import * as en from '../../../shared/messages/en/privacy-words.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import * as ro from '../../../shared/messages/ro/privacy-words.ts'

/** What places are called, why data is there and why some of it stays, in the person's language. */
export const termsIn = (language: Language) => (language === 'ro' ? ro : en)
