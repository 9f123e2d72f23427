import type { GatehouseError } from '../errors.ts'
import { cellSteps as enSteps } from './en/cells.ts'
import { errors as en } from './en/errors.ts'
import { memoryLimitWords as enLimits } from './en/memory.ts'
import { cellSteps as roSteps } from './ro/cells.ts'
import { errors as ro } from './ro/errors.ts'
import { memoryLimitWords as roLimits } from './ro/memory.ts'

export type Language = 'en' | 'ro'
export type Audience = 'person' | 'model'

/** Fills `{name}` places; a missing parameter is left empty, so that no template syntax reaches a person. */
export function fill(template: string, params: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => params[name] ?? '').trim()
}

/** The sentence for this reader. Models are always spoken to in English. */
export function sentence(error: GatehouseError, audience: Audience, language: Language = 'en'): string {
  const template = audience === 'person' && language === 'ro' ? ro[error.code] : en[error.code][audience]
  return fill(template, paramsOf(error, audience, language))
}

function paramsOf(error: GatehouseError, audience: Audience, language: Language): Readonly<Record<string, string>> {
  if (saysStep(error.code)) return withProblem(error, audience, language)
  if (error.code === 'memory.limit') return withLimit(error, audience, language)
  return error.params
}

/** What there is too much of has words of its own. */
function withLimit({ params }: GatehouseError, audience: Audience, language: Language): Record<string, string> {
  const words: Readonly<Record<string, string>> = audience === 'person' && language === 'ro' ? roLimits : enLimits
  return { ...params, what: words[params.limit ?? ''] ?? '' }
}

const saysStep = (code: string) => code === 'cell.failed' || code === 'cell.grave'

/** The step that failed says why in a sentence of its own. */
function withProblem({ params }: GatehouseError, audience: Audience, language: Language): Record<string, string> {
  const sentences: Readonly<Record<string, string>> = audience === 'person' && language === 'ro' ? roSteps : enSteps
  return { ...params, problem: fill(sentences[params.reason ?? ''] ?? '', params) }
}
