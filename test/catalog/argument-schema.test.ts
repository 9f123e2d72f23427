import { describe, expect, it } from 'vitest'
import { SchemaCompiler } from '../../main/catalog/argument-schema.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { processorTime } from '../support/processor-time.ts'

const check = (schema: JsonObject, value: JsonObject) => new SchemaCompiler().compile(schema)(value)
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more })

describe('checking arguments', () => {
  it.each<[string, JsonObject, JsonObject, string | undefined]>([
    ['fits', object({ path: { type: 'string' } }), { path: 'a' }, undefined],
    ['type', object({ path: { type: 'string' } }), { path: 7 }, 'path: a text is needed, a number was given'],
    ['missing', object({}, { required: ['path'] }), {}, 'path: this is missing'],
    ['unexpected', object({}, { additionalProperties: false }), { x: 1 }, 'x: this is not expected here'],
    ['inherited', object({}, { required: ['toString'] }), {}, 'toString: this is missing'],
    [
      'nested',
      object({ edits: { type: 'array', items: object({ to: { type: 'string' } }) } }),
      { edits: [{ to: null }] },
      'edits.0.to: a text is needed, null was given',
    ],
    ['choice', object({ m: { enum: ['a', 'b'] } }), { m: 'c' }, 'm: one of "a", "b" is needed'],
    ['format', object({ u: { format: 'uri', type: 'string' } }), { u: 'no uri' }, 'u: this is not a valid uri'],
  ])('says what is wrong: %s', (_name, schema, value, problem) => expect(check(schema, value)).toBe(problem))

  it('answers a pattern that froze Ajv within a moment', () => {
    const tookMs = processorTime()
    const problem = check(object({ a: { type: 'string', pattern: '^(a+)+$' } }), { a: `${'a'.repeat(50_000)}!` })
    expect(problem).toContain('a: this does not have the expected form')
    expect(tookMs()).toBeLessThan(2000)
  })

  it('keeps two patterns apart', () => {
    const schema = object({ a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } })
    expect(check(schema, { a: 'a', b: 'b' })).toBeUndefined()
    expect(check(schema, { a: 'a', b: 'a' })).toBe('b: this does not have the expected form ("^b$")')
  })

  it('lets two servers use the same $id, and neither refer to the other', () => {
    const compiler = new SchemaCompiler()
    const first = compiler.compile({ $id: 'https://example.com/a', type: 'object', required: ['x'] })
    const second = compiler.compile({ $id: 'https://example.com/a', type: 'object', required: ['y'] })
    expect([first({}), second({})]).toEqual(['x: this is missing', 'y: this is missing'])
    expect(compiler.compile({ $ref: 'https://example.com/a' })({})).toContain('which is not part of it')
  })

  it('compares the items of a long list in linear time', () => {
    const tookMs = processorTime()
    const list = Array.from({ length: 50_000 }, (_, n) => ({ n }))
    const schema = object({ list: { type: 'array', uniqueItems: true } })
    expect(check(schema, { list })).toBeUndefined()
    expect(check(schema, { list: [...list, { n: 1 }] })).toContain('list: this must not have the same item twice')
    expect(tookMs()).toBeLessThan(3000)
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['draft-04', object({ n: { type: 'number', minimum: 1, exclusiveMinimum: true } }), { n: 1 }],
    ['draft-07', object({ n: { type: 'number', exclusiveMinimum: 1 } }), { n: 1 }],
    ['2019-09', object({ n: { type: 'number', exclusiveMinimum: 1 } }), { n: 1 }],
    ['2020-12', object({ n: { prefixItems: [{ type: 'string' }] } }), { n: [1] }],
  ])('reads %s', (dialect, schema, wrong) => {
    const $schema = dialect.startsWith('draft')
      ? `http://json-schema.org/${dialect}/schema#`
      : `https://json-schema.org/draft/${dialect}/schema`
    expect(check({ ...schema, $schema }, wrong)).toBeDefined()
    expect(check({ ...schema, $schema }, { n: dialect === '2020-12' ? ['a'] : 2 })).toBeUndefined()
  })

  it('reads a schema without a dialect as draft-07 when it only makes sense as that', () => {
    const schema = object({ pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] } })
    expect(check(schema, { pair: ['a', 'b'] })).toBe('pair.1: a number is needed, a text was given')
  })

  it('follows a tree, but not a circle or a labyrinth', () => {
    const tree = object({ children: { type: 'array', items: { $ref: '#' } } })
    expect(check(tree, { children: [{ children: [] }, { children: 3 }] })).toContain(
      'children.1.children: a list is needed',
    )
    expect(check({ $ref: '#' }, {})).toContain('runs in circles')
    const deep = Array.from({ length: 60 }).reduce<JsonObject>((inner) => ({ x: inner }), {})
    const branch = object({ x: { $ref: '#/$defs/a' } }, { required: ['never'] })
    const labyrinth = { $defs: { a: { anyOf: [branch, branch] } }, $ref: '#/$defs/a' }
    const tookMs = processorTime()
    expect(check(labyrinth, deep)).toBeDefined()
    expect(tookMs()).toBeLessThan(3000)
  })

  it.each<[string, JsonObject, string]>([
    ['remote', { $ref: 'https://example.com/x.json' }, 'it refers to https://example.com/x.json'],
    ['no type', { type: 'sometimes' }, 'it is not valid'],
    ['unknown dialect', { $schema: 'https://example.com/mine' }, 'is not known here'],
    ['back-reference', object({ a: { pattern: '(a)\\1' } }), 'can’t be used'],
  ])('lets nothing through a schema that is none: %s', (_name, schema, part) => {
    expect(check(schema, {})).toContain('the server’s description of its arguments can’t be used')
    expect(check(schema, {})).toContain(part)
  })
})
