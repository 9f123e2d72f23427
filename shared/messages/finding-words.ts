import type { Finding } from '../domain/finding.ts'
import { findings as en } from './en/findings.ts'
import type { Language } from './messages.ts'
import { findings as ro } from './ro/findings.ts'

/** A finding with its reason in the person's language. */
export const told = <T extends Finding>(finding: T, language: Language): T & { readonly reason: string } => ({
  ...finding,
  reason: (language === 'ro' ? ro : en)[finding.rule],
})
