import { rules as en } from './en/rules.ts'
import { fill, type Language } from './messages.ts'
import { rules as ro } from './ro/rules.ts'

export type RuleKey = keyof typeof en
export type RuleWords = (key: RuleKey, params?: Readonly<Record<string, string>>) => string

/** What the person reads of rules. */
export const ruleWords =
  (language: Language): RuleWords =>
  (key, params = {}) =>
    fill((language === 'ro' ? ro : en)[key], params)
