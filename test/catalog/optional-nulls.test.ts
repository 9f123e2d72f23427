import { expect, it } from 'vitest'
import { withoutOptionalNulls } from '../../main/catalog/optional-nulls.ts'

const schema = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'boolean' } }, required: ['a'] }

it('takes null for “not given” where a member need not be given', () => {
  expect(withoutOptionalNulls(schema, { a: 'x', b: null })).toEqual({ a: 'x' })
})

it('leaves a null where the member is needed, and nulls further in', () => {
  const value = { a: null, c: { d: null } }
  expect(withoutOptionalNulls(schema, value)).toBe(value)
})
