import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Concept } from './memory-types.ts'

/** A concept as its form holds it. */
export interface ConceptFields {
  readonly name: string
  readonly type: string
  readonly description: string
  /** Percent. */
  readonly confidence: string
  readonly source: string
  /** JSON; empty: none. */
  readonly attributes: string
}
export const noConcept: ConceptFields = {
  name: '',
  type: '',
  description: '',
  confidence: '100',
  source: '',
  attributes: '',
}

export const fieldsOf = ({ name, type, description, confidence, source, attributes }: Concept): ConceptFields => ({
  name,
  type,
  description,
  confidence: String(Math.round(confidence * 1_000) / 10),
  source,
  attributes: Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes, null, 2),
})

/** 0 to 1; undefined for what is no percentage. */
export function shareOf(percent: string): number | undefined {
  const share = percent.trim() === '' ? Number.NaN : Number(percent.trim().replace(',', '.')) / 100
  return share >= 0 && share <= 1 ? share : undefined
}

/** An object; undefined for what is none. */
export function attributesOf(text: string): JsonObject | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** Which fields cannot be saved as they are. */
export function problemsOf({ confidence, attributes }: ConceptFields): {
  readonly confidence?: true
  readonly attributes?: true
} {
  return {
    ...(shareOf(confidence) === undefined ? { confidence: true } : {}),
    ...(attributesOf(attributes) === undefined ? { attributes: true } : {}),
  }
}

export const draftOf = (fields: ConceptFields) => ({
  name: fields.name.trim(),
  type: fields.type.trim(),
  ...(fields.description === '' ? {} : { description: fields.description }),
  ...(fields.source.trim() === '' ? {} : { source: fields.source.trim() }),
  confidence: shareOf(fields.confidence) ?? 1,
  attributes: attributesOf(fields.attributes) ?? {},
})

/** Only what is other than before; attributes that were taken out are named as `null`, which takes them away. */
export function changesOf(before: Concept, fields: ConceptFields) {
  const was = fieldsOf(before)
  const attributes = attributesOf(fields.attributes) ?? {}
  const gone = Object.keys(before.attributes).filter((name) => !Object.hasOwn(attributes, name))
  const confidence = shareOf(fields.confidence)
  return {
    ...(fields.name.trim() === was.name ? {} : { name: fields.name.trim() }),
    ...(fields.type.trim() === was.type ? {} : { type: fields.type.trim() }),
    ...(fields.description === was.description ? {} : { description: fields.description }),
    ...(fields.source.trim() === was.source ? {} : { source: fields.source.trim() }),
    ...(fields.confidence === was.confidence || confidence === undefined ? {} : { confidence }),
    ...(fields.attributes === was.attributes
      ? {}
      : { attributes: { ...attributes, ...Object.fromEntries(gone.map((name) => [name, null])) } }),
  }
}
