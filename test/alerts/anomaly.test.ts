import fc from 'fast-check'
import { expect, it } from 'vitest'
import { normalQuantile, unusual } from '../../main/alerts/anomaly.ts'
import { aggregate } from '../../main/alerts/evaluate.ts'

const minutes = (values: readonly number[]) => values.map((value, n) => ({ at: n * 60, value }))
const asked = (values: readonly number[], sensitivity = 0.95, up = true) =>
  unusual(minutes(values), { lastMinute: (values.length - 1) * 60, sensitivity, up })
const usual = Array.from({ length: 40 }, (_, n) => 10 + (n % 5)) // median 12, MAD 1

it('is what lies beyond the normal quantile of the sensitivity, by median and MAD', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.95996, 3)
  expect(normalQuantile(0.995)).toBeCloseTo(2.57583, 3)
  expect(asked([...usual, 14.8, 14.8, 14.8])).toBeUndefined() // 12 + 1.96 · 1.4826 = 14.906
  expect(asked([...usual, 15, 15, 15])).toBe(15)
  expect(asked([...usual, 15, 15, 15], 0.99)).toBeUndefined() // 12 + 2.576 · 1.4826 = 15.82
})

it('is nothing that lasts less than three minutes, or lies on the other side', () => {
  expect(asked([...usual, 11, 90, 90])).toBeUndefined()
  expect(asked([...usual, 1, 1, 1])).toBeUndefined()
  expect(asked([...usual, 1, 1, 1], 0.95, false)).toBe(1)
})

it('is not known with fewer than twenty minutes before, nor where nothing ever moved and stood at nothing', () => {
  expect(asked([...usual.slice(0, 19), 90, 90, 90])).toBeUndefined()
  expect(asked([...new Array(30).fill(0), 5, 5, 5])).toBeUndefined()
  expect(asked([...new Array(30).fill(100), 105, 105, 105])).toBeUndefined() // a twentieth counts as its spread
  expect(asked([...new Array(30).fill(100), 111, 111, 111])).toBe(111)
})

it('is the same wherever the series stands and in whatever unit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 30, maxLength: 60 }), (values) => {
      const scaled = asked(values.map((value) => value * 8))
      const plain = asked(values)
      expect(scaled).toBe(plain === undefined ? undefined : plain * 8)
    }),
  )
})

it('one number of many minutes is what the kind of figure makes of it', () => {
  const of = (type: 'counter' | 'gauge', aggregation: 'avg' | 'sum' | 'max' | 'min' | 'count') =>
    aggregate({ aggregation, leastCalls: 1 }, type, points, 5)
  const points = [
    { at: 0, count: 2, sum: 10, most: 9 },
    { at: 120, count: 4, sum: 4, most: 3 },
  ]
  expect([of('counter', 'sum'), of('counter', 'avg'), of('counter', 'max'), of('counter', 'min')]).toEqual([
    14, 2.8, 10, 0,
  ])
  expect(of('counter', 'count')).toBe(2)
  expect([of('gauge', 'avg'), of('gauge', 'max'), of('gauge', 'min'), of('gauge', 'sum')]).toEqual([14 / 6, 9, 1, 6])
})
