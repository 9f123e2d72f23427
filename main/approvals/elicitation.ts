import type { ElicitationField } from '../../shared/contract/approvals.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'

/** What a server asks a person for, as far as the window shows it. */
export interface Elicitation {
  readonly message: string
  /** An address to open, instead of fields. */
  readonly url?: string
  readonly fields: readonly ElicitationField[]
}

const mostFields = 30
const longestMessage = 4_000
const longestAnswer = 10_000
/** What belongs into a password manager or a sign-in page, never into a form of a server. */
const secretWords =
  /pass(?:word|phrase|code|wd)|parol[aă]|secret|token|credential|api.?key|private.?key|\bpin\b|\bcvv?c?2?\b|\botp\b|card.?(?:number|no\b)|iban|security.?(?:code|answer)|seed.?phrase/iu

/**
 * The form a server asks to show, without anything it would fill in.
 * @returns undefined for one that asks for a secret, or that no form can be made of
 * @see MCP 2025-11-25, client/elicitation: servers must not ask for sensitive information by a form
 */
export function elicitationOf(params: JsonObject): Elicitation | undefined {
  const message = textOf(params.message).slice(0, longestMessage)
  if (params.mode === 'url') return byAddress(message, params.url)
  const { properties, required } = objectOf(params.requestedSchema)
  const named = Object.entries(objectOf(properties))
  if (named.length > mostFields || secretWords.test(message)) return undefined
  const needed = Array.isArray(required) ? required : []
  const fields: ElicitationField[] = []
  for (const [name, schema] of named) {
    const field = fieldOf(name, objectOf(schema), needed.includes(name))
    if (field === undefined) return undefined
    fields.push(field)
  }
  return { message, fields }
}

/**
 * The person's answers, fit for the server's schema.
 * @returns the name of the first field that does not fit, otherwise the content to send
 */
export function answersTo(
  { fields }: Pick<Elicitation, 'fields'>,
  given: JsonObject,
): { readonly content: JsonObject } | { readonly misfit: string } {
  const content: Record<string, Json> = {}
  for (const field of fields) {
    const value = given[field.name]
    if (value === undefined || value === '') {
      if (field.required) return { misfit: field.label }
    } else if (!fits(field, value)) return { misfit: field.label }
    else content[field.name] = value
  }
  return { content }
}

function byAddress(message: string, url: Json | undefined): Elicitation | undefined {
  if (typeof url !== 'string' || url.length > longestMessage || !URL.canParse(url)) return undefined
  return ['https:', 'http:'].includes(new URL(url).protocol) ? { message, url, fields: [] } : undefined
}

function fieldOf(name: string, schema: JsonObject, required: boolean): ElicitationField | undefined {
  const label = textOf(schema.title) || name
  const description = textOf(schema.description).slice(0, 1_000)
  const kind = kindOf(schema)
  const secret =
    schema.format === 'password' || [name, label, description].some((text) => secretWords.test(spaced(text)))
  if (kind === undefined || secret) return undefined
  const options = optionsOf(kind === 'choices' ? objectOf(schema.items) : schema)
  return { name, label, kind, required, options, ...(description ? { description } : {}) }
}

function kindOf({ type, enum: values, oneOf, items }: JsonObject): ElicitationField['kind'] | undefined {
  if (type === 'array') return optionsOf(objectOf(items)).length > 0 ? 'choices' : undefined
  if (type === 'boolean') return 'yes-no'
  if (type === 'number' || type === 'integer') return type
  if (type !== 'string') return undefined
  return Array.isArray(values) || Array.isArray(oneOf) ? 'choice' : 'text'
}

function optionsOf({ enum: values, enumNames, oneOf, anyOf }: JsonObject): ElicitationField['options'] {
  const names = Array.isArray(enumNames) ? enumNames : []
  if (Array.isArray(values))
    return values.filter(isText).map((value, index) => ({ value, label: textOf(names[index]) || value }))
  const titled = [oneOf, anyOf].find(Array.isArray) ?? []
  return titled
    .map(objectOf)
    .flatMap(({ const: value, title }) => (isText(value) ? [{ value, label: textOf(title) || value }] : []))
}

function fits({ kind, options }: ElicitationField, value: Json): boolean {
  const isOption = (one: Json) => options.some((option) => option.value === one)
  switch (kind) {
    case 'text':
      return isText(value) && value.length <= longestAnswer
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'integer':
      return Number.isSafeInteger(value)
    case 'yes-no':
      return typeof value === 'boolean'
    case 'choice':
      return isOption(value)
    case 'choices':
      return Array.isArray(value) && value.every(isOption)
  }
}

const spaced = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
const isText = (value: unknown): value is string => typeof value === 'string'
const textOf = (value: Json | undefined): string => (isText(value) ? value : '')
const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
