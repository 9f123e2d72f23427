import type { GatehouseError } from '../errors.ts'
import { cellSteps as enSteps } from './en/cells.ts'
import { errors as en } from './en/errors.ts'
import { cellSteps as roSteps } from './ro/cells.ts'
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
  return fill(template, saysStep(error.code) ? withProblem(error, audience, language) : error.params)
}

const saysStep = (code: string) => code === 'cell.failed' || code === 'cell.grave'

/** The step that failed says why in a sentence of its own. */
function withProblem({ params }: GatehouseError, audience: Audience, language: Language): Record<string, string> {
  const sentences: Readonly<Record<string, string>> = audience === 'person' && language === 'ro' ? roSteps : enSteps
  return { ...params, problem: fill(sentences[params.reason ?? ''] ?? '', params) }
}
