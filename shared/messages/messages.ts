import type { GatehouseError } from '../errors.ts'
import { errors as en } from './en/errors.ts'
import { errors as ro } from './ro/errors.ts'

export type Language = 'en' | 'ro'
export type Audience = 'person' | 'model'

/** Fills `{name}` places; a missing parameter is left empty, so that no template syntax reaches a person. */
export function fill(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => params[name] ?? '').trim()
}

/** The sentence for this reader. Models are always spoken to in English. */
export function sentence(error: GatehouseError, audience: Audience, language: Language = 'en'): string {
  const template = audience === 'person' && language === 'ro' ? ro[error.code] : en[error.code][audience]
  return fill(template, error.params)
}
