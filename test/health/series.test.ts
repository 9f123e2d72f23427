import { describe, expect, it } from 'vitest'
import { Series } from '../../main/health/series.ts'
import { SeriesStore } from '../../main/health/series-store.ts'
import { openDatabase } from '../../main/store/database.ts'
import { Distribution, quantile } from '../../main/telemetry/distribution.ts'
import { counter, type Family, gauge } from '../../main/telemetry/family.ts'

const start = 1_800_000_000 - (1_800_000_000 % 86_400)
const calls = (value: number, server = 'notes') => counter('calls', '', [{ labels: { server }, value }])

function someSeries(limit?: number) {
  const db = openDatabase(':memory:')
  const clock = { at: start }
  const store = new SeriesStore(db)
  const open = () => new Series(store, () => clock.at, limit)
  return { db, clock, store, open, series: open() }
}
const sums = (series: Series, name: string, step: number, where = {}) =>
  (series.read(name, where, start, step).get('') ?? []).map(({ at, sum }) => [at - start, sum])

describe('figures over time', () => {
  it('say what was added a minute, and together the same at every distance', () => {
    const { series, clock } = someSeries()
    for (const [seconds, value] of [
      [60, 5],
      [120, 7],
      [400, 17],
    ] as const) {
      clock.at = start + seconds
      series.fold([calls(value)])
    }
    expect(sums(series, 'calls', 60)).toEqual([
      [0, 5],
      [60, 2],
      [360, 10],
    ])
    expect(sums(series, 'calls', 300)).toEqual([
      [0, 7],
      [300, 10],
    ])
    expect(sums(series, 'calls', 21_600)).toEqual([[0, 17]])
    expect(sums(series, 'calls', 86_400)).toEqual([[0, 17]])
  })

  it('that are read in the middle of a minute add up to the whole', () => {
    const { series, clock } = someSeries()
    for (const [seconds, value] of [
      [20, 1],
      [40, 3],
      [59, 4],
    ] as const) {
      clock.at = start + seconds
      series.fold([calls(value)])
    }
    expect(sums(series, 'calls', 60)).toEqual([[0, 4]])
  })

  it('go on after a restart, when counters begin at nothing again', () => {
    const { series, clock, open } = someSeries()
    clock.at = start + 30
    series.fold([calls(5)])
    const again = open()
    clock.at = start + 50
    again.fold([calls(2)])
    expect(sums(again, 'calls', 60)).toEqual([[0, 7]])
  })

  it('are taken together by the labels asked for, and filtered by others', () => {
    const { series, clock } = someSeries()
    clock.at = start + 30
    series.fold([calls(5), calls(7, 'mail')])
    const byServer = series.read('calls', {}, start, 60, ['server'])
    expect([...byServer].map(([server, [point]]) => [server, point?.sum])).toEqual([
      ['notes', 5],
      ['mail', 7],
    ])
    expect(sums(series, 'calls', 60)).toEqual([[0, 12]])
    expect(sums(series, 'calls', 60, { server: 'mail' })).toEqual([[0, 7]])
    expect(series.values('calls', 'server')).toEqual(['mail', 'notes'])
  })

  it('of gauges are averages, which know of times at nothing', () => {
    const { series, clock } = someSeries()
    const look = (value: number) => series.look([gauge('cpu', '', value)])
    for (const value of [0, 0]) look(value)
    clock.at = start + 60
    series.fold([])
    expect(series.read('cpu', {}, start, 60).get('')).toEqual([])
    for (const value of [1, 3, 2]) look(value)
    clock.at = start + 120
    series.fold([])
    look(0)
    clock.at = start + 180
    series.fold([])
    const points = series.read('cpu', {}, start, 60).get('') ?? []
    expect(points.map(({ at, sum, count, most }) => [at - start, sum / count, most])).toEqual([
      [60, 2, 3],
      [120, 0, 0],
    ])
    expect(series.read('cpu', {}, start, 300).get('')?.[0]).toMatchObject({ sum: 6, count: 4, most: 3 })
  })

  it('of how long things took keep their percentiles when they are put together', () => {
    const { series, clock } = someSeries()
    const took = new Distribution()
    const family: Family = {
      name: 'took',
      help: '',
      type: 'histogram',
      samples: [{ labels: {}, value: 0, distribution: took }],
    }
    for (let n = 0; n < 90; n++) took.observe(0.01)
    clock.at = start + 60
    series.fold([family])
    for (let n = 0; n < 10; n++) took.observe(2)
    clock.at = start + 120
    series.fold([family])
    const [first, second] = series.read('took', {}, start, 60).get('') ?? []
    expect([first?.count, second?.count]).toEqual([90, 10])
    expect(quantile(second?.counts ?? [], 0.5)).toBeGreaterThan(1.5)
    const [whole] = series.read('took', {}, start, 300).get('') ?? []
    expect(whole?.count).toBe(100)
    expect(whole?.sum).toBeCloseTo(20.9)
    expect(quantile(whole?.counts ?? [], 0.5)).toBeLessThanOrEqual(0.01)
    expect(quantile(whole?.counts ?? [], 0.95)).toBeGreaterThan(1.5)
    expect(quantile([], 0.5)).toBeUndefined()
  })

  it('lose their finest points first, by age and when there are too many, and nothing is left of what is empty', () => {
    const { series, clock, store } = someSeries(400)
    for (let minute = 1; minute <= 600; minute++) {
      clock.at = start + minute * 60
      series.fold([calls(minute)])
    }
    expect(store.size()).toBeGreaterThan(700)
    series.sweep()
    expect(store.size()).toBeLessThanOrEqual(400)
    expect(sums(series, 'calls', 86_400)).toEqual([[0, 600]])
    expect(sums(series, 'calls', 3_600).reduce((sum, [, n = 0]) => sum + n, 0)).toBe(600)
    clock.at = start + 90 * 86_400
    series.sweep()
    expect(sums(series, 'calls', 3_600)).toEqual([])
    expect(sums(series, 'calls', 86_400)).toEqual([[0, 600]])
    clock.at = start + 900 * 86_400
    const later = new Series(store, () => clock.at)
    later.sweep()
    expect(store.list()).toEqual([])
  })
})
