import type { Json, JsonObject } from '../../../shared/domain/json.ts'

/**
 * A form made of a tool's input schema (JSON Schema). What it does not know how to ask for (references, alternatives, deep
 * nesting) is asked for as JSON. Main validates the arguments by the whole schema; the form only helps to write them.
 */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'integer' | 'yes-no' | 'json' }
  | { readonly kind: 'choice'; readonly options: readonly Json[] }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'object'; readonly fields: readonly FormField[] }

export interface FormField {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly required: boolean
  readonly shape: Shape
  readonly usual?: Json
}

/** What was typed: texts as they are, `''` for nothing. */
export type Draft = string | readonly Draft[] | { readonly [name: string]: Draft }
export type Typed = { readonly value: Json | undefined } | { readonly problem: string }

const deepest = 4
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isScalar = (value: Json) => value === null || typeof value !== 'object'

/** The form of an input schema; `json` when it is no plain object. */
export const formOf = (schema: Json | undefined): Shape => {
  if (!isObject(schema)) return { kind: 'json' }
  return isObject(schema.properties) || schema.type === 'object' ? objectOf(schema, 0) : { kind: 'json' }
}

function objectOf(schema: JsonObject, depth: number): Shape {
  const alternatives = ['anyOf', 'oneOf', 'allOf', 'if', '$ref'].some((key) => key in schema)
  if (alternatives || !isObject(schema.properties)) {
    return depth === 0 && !alternatives && schema.properties === undefined
      ? { kind: 'object', fields: [] }
      : { kind: 'json' }
  }
  const required = Array.isArray(schema.required) ? schema.required : []
  const fields = Object.entries(schema.properties).map(([name, inner]): FormField => {
    const given = isObject(inner) ? inner : {}
    return {
      name,
      title: typeof given.title === 'string' ? given.title : name,
      description: typeof given.description === 'string' ? given.description : '',
      required: required.includes(name),
      shape: shapeOf(given, depth + 1),
      ...(given.default === undefined ? {} : { usual: given.default }),
    }
  })
  return { kind: 'object', fields }
}

function shapeOf(schema: JsonObject, depth: number): Shape {
  if (depth > deepest || ['anyOf', 'oneOf', 'allOf', '$ref'].some((key) => key in schema)) return { kind: 'json' }
  if (Array.isArray(schema.enum) && schema.enum.every(isScalar)) return { kind: 'choice', options: schema.enum }
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null')
  const [type] = types
  if (types.length !== 1) return { kind: 'json' }
  if (type === 'string') return { kind: 'text' }
  if (type === 'number' || type === 'integer') return { kind: type }
  if (type === 'boolean') return { kind: 'yes-no' }
  if (type === 'array' && isObject(schema.items)) return { kind: 'list', item: shapeOf(schema.items, depth + 1) }
  return type === 'object' ? objectOf(schema, depth) : { kind: 'json' }
}

/** What is in the form before anything is typed: the schema's defaults. */
export function emptyDraft(shape: Shape): Draft {
  if (shape.kind === 'list') return []
  if (shape.kind !== 'object') return ''
  return Object.fromEntries(
    shape.fields.map(({ name, shape: inner, usual }) => [
      name,
      usual === undefined ? emptyDraft(inner) : draftFrom(inner, usual),
    ]),
  )
}

/** A value as it would have been typed. */
export function draftFrom(shape: Shape, value: Json | undefined): Draft {
  if (value === undefined) return emptyDraft(shape)
  switch (shape.kind) {
    case 'list':
      return Array.isArray(value) ? value.map((one) => draftFrom(shape.item, one)) : []
    case 'object':
      return Object.fromEntries(
        shape.fields.map(({ name, shape: inner }) => [
          name,
          draftFrom(inner, isObject(value) ? value[name] : undefined),
        ]),
      )
    case 'choice': {
      const place = shape.options.indexOf(value)
      return place < 0 ? '' : String(place)
    }
    case 'json':
      return JSON.stringify(value)
    default:
      return isScalar(value) ? String(value ?? '') : ''
  }
}

/**
 * The value of what was typed. Left out where nothing was typed and nothing is required.
 *
 * @returns the name of the field that holds no number, or no JSON, where one does not
 */
export function typedValue(shape: Shape, draft: Draft | undefined, required = true, name = ''): Typed {
  if (shape.kind === 'object') return objectValue(shape.fields, draft, required)
  if (shape.kind === 'list') return listValue(shape.item, Array.isArray(draft) ? draft : [], required, name)
  const text = typeof draft === 'string' ? draft : ''
  if (shape.kind === 'text') return { value: text === '' && !required ? undefined : text }
  if (text.trim() === '') return { value: undefined }
  if (shape.kind === 'choice') return { value: shape.options[Number(text)] }
  if (shape.kind === 'yes-no') return { value: text === 'true' }
  if (shape.kind === 'json') return jsonValue(text, name)
  const number = Number(text)
  const fits = shape.kind === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number)
  return fits ? { value: number } : { problem: name }
}

function objectValue(fields: readonly FormField[], draft: Draft | undefined, required: boolean): Typed {
  const typed = (draft ?? {}) as { readonly [name: string]: Draft }
  const out: Record<string, Json> = {}
  for (const field of fields) {
    const inner = typedValue(field.shape, typed[field.name], field.required, field.title)
    if ('problem' in inner) return inner
    if (inner.value !== undefined) Object.defineProperty(out, field.name, { value: inner.value, enumerable: true })
  }
  return { value: Object.keys(out).length === 0 && !required ? undefined : out }
}

function listValue(item: Shape, drafts: readonly Draft[], required: boolean, name: string): Typed {
  const values: Json[] = []
  for (const draft of drafts) {
    const inner = typedValue(item, draft, true, name)
    if ('problem' in inner) return inner
    if (inner.value !== undefined) values.push(inner.value)
  }
  return { value: values.length === 0 && !required ? undefined : values }
}

function jsonValue(text: string, name: string): Typed {
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return { problem: name }
  }
}
