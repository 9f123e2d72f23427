import { expect, it } from 'vitest'
import { draftFrom, emptyDraft, formOf, type Shape, typedValue } from '../../renderer/features/servers/schema-form.ts'
import type { Json } from '../../shared/domain/json.ts'

const schema = {
  type: 'object',
  required: ['path', 'range'],
  properties: {
    path: { type: 'string', title: 'Path', description: 'Where' },
    lines: { type: 'integer' },
    ratio: { type: ['number', 'null'], default: 0.5 },
    deep: { type: 'boolean' },
    format: { enum: ['json', 3, true] },
    tags: { type: 'array', items: { type: 'string' } },
    range: { type: 'object', required: ['from'], properties: { from: { type: 'integer' }, to: { type: 'integer' } } },
    free: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
} as unknown as Json

const form = formOf(schema)
const empty = emptyDraft(form) as Record<string, never>
const typed = (draft: object) => typedValue(form, { ...empty, ...draft } as never)

it('makes a field of each property, JSON where it cannot ask', () => {
  const kinds = form.kind === 'object' ? form.fields.map(({ name, shape }) => [name, shape.kind]) : []
  expect(Object.fromEntries(kinds)).toEqual({
    path: 'text',
    lines: 'integer',
    ratio: 'number',
    deep: 'yes-no',
    format: 'choice',
    tags: 'list',
    range: 'object',
    free: 'json',
  })
})

it('leaves out what was not typed, but for what is required, and takes defaults', () => {
  expect(typed({})).toEqual({ value: { path: '', ratio: 0.5, range: {} } })
})

it('gives each value its type', () => {
  const draft = { path: 'a', lines: '3', ratio: '', deep: 'false', format: '1', tags: ['x', ''], range: { from: '1' } }
  expect(typed({ ...draft, free: '[1, "two"]' })).toEqual({
    value: {
      path: 'a',
      lines: 3,
      deep: false,
      format: 3,
      tags: ['x', ''],
      range: { from: 1 },
      free: [1, 'two'],
    },
  })
})

it.each([
  [{ lines: '1.5' }, 'lines'],
  [{ lines: 'many' }, 'lines'],
  [{ ratio: 'NaN' }, 'ratio'],
  [{ free: '{' }, 'free'],
  [{ range: { from: '9007199254740993' } }, 'from'],
])('names the field that does not fit: %o', (draft, problem) => {
  expect(typed(draft)).toEqual({ problem })
})

it('reads back what it wrote', () => {
  const value = { path: 'a', lines: 3, ratio: 0.25, deep: true, format: true, tags: ['x'], range: { from: 1, to: 2 } }
  expect(typedValue(form, draftFrom(form, value))).toEqual({ value })
})

it('keeps a property called __proto__ a property of its own', () => {
  const odd = formOf(JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'))
  const { value } = typedValue(odd, draftFrom(odd, JSON.parse('{"__proto__":"x"}'))) as { value: object }
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(JSON.stringify(value)).toBe('{"__proto__":"x"}')
})

it.each([
  [undefined, { kind: 'json' }],
  [{ type: 'object' }, { kind: 'object', fields: [] }],
  [{ $ref: '#/$defs/a', type: 'object', properties: {} }, { kind: 'json' }],
  [{ type: 'array', items: {} }, { kind: 'json' }],
] as [Json | undefined, Shape][])('of %o makes %o', (given, shape) => {
  expect(formOf(given)).toEqual(shape)
})
