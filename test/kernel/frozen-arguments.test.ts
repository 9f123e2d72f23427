import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenArguments } from '../../main/kernel/stages/frozen-arguments.ts'

const problem = (value: unknown) => {
  const outcome = frozenArguments(value)
  return 'problem' in outcome ? outcome.problem : undefined
}
const nested = (levels: number): unknown => (levels === 0 ? {} : { a: nested(levels - 1) })
const isDeeplyFrozen = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen))

/** JSON as it comes off the wire: well-formed texts, safe numbers, no `__proto__`. */
const text = fc.string({ unit: 'grapheme' }).filter((value) => value !== '__proto__' && value.isWellFormed())
const { object } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value')),
  object: fc.dictionary(text, tie('value')),
}))

describe('arguments that are safe', () => {
  it('come out equal, deeply frozen and as another object', () => {
    fc.assert(
      fc.property(object, (value) => {
        const outcome = frozenArguments(value)
        if ('problem' in outcome) throw new Error(outcome.problem)
        expect(outcome.value).toEqual(value)
        expect(outcome.value).not.toBe(value)
        expect(isDeeplyFrozen(outcome.value)).toBe(true)
      }),
    )
  })

  it('stay what they were when the sender changes its own object afterwards', () => {
    const sent = { path: 'a', list: [1] }
    const outcome = frozenArguments(sent)
    sent.path = '/etc/passwd'
    sent.list.push(2)
    expect(outcome).toEqual({ value: { path: 'a', list: [1] } })
  })

  it('may be 64 levels deep', () => {
    expect(problem(nested(63))).toBeUndefined()
    expect(problem(nested(64))).toBe('nested deeper than 64 levels')
  })

  it('may use every whole number JSON shares, and fractions', () => {
    expect(problem({ a: 2 ** 53 - 1, b: -(2 ** 53 - 1), c: 1.5, d: -0 })).toBeUndefined()
  })
})

describe('arguments two programs could read differently', () => {
  it('are refused for an own __proto__ at any depth', () => {
    expect(problem(JSON.parse('{"__proto__": {"admin": true}}'))).toBe('a member called __proto__')
    expect(problem(JSON.parse('{"a": [{"__proto__": 1}]}'))).toBe('a member called __proto__')
  })

  it('are refused for half a character, in a value or a name', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0xd800, max: 0xdfff }), (around, half) => {
        const broken = `${around.toWellFormed()} ${String.fromCharCode(half)} `
        expect(problem({ a: broken })).toContain('lone surrogate')
        expect(problem({ [broken]: 1 })).toContain('lone surrogate')
      }),
    )
  })

  it('are refused for whole numbers beyond ±(2^53−1) and for what is not finite', () => {
    for (const value of [2 ** 53, -(2 ** 53), 1e300, JSON.parse('9007199254740993')])
      expect(problem({ a: [value] })).toBe('an integer beyond ±(2^53−1)')
    expect(problem({ a: JSON.parse('1e999') })).toBe('a number that is not finite')
    expect(problem({ a: Number.NaN })).toBe('a number that is not finite')
  })

  it('are refused unless they are an object of what JSON can carry', () => {
    for (const value of [null, undefined, [], 'text', 1, true])
      expect(problem(value)).toBe('arguments must be an object')
    for (const value of [undefined, () => 1, Symbol('s'), 1n])
      expect(problem({ a: value })).toBe('a value JSON cannot carry')
  })

  it('are refused however deep they are nested, without exhausting the stack', () => {
    expect(problem(JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`))).toBe('nested deeper than 64 levels')
    expect(problem({ a: JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) })).toBe('nested deeper than 64 levels')
  })
})
