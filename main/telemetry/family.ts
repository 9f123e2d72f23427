import type { Distribution } from './distribution.ts'

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  /** Of a counter, since the app started; of a gauge, now; of a histogram nothing. */
  readonly value: number
  readonly distribution?: Distribution
}

/** All figures of one name, as Prometheus groups them. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: readonly Sample[]
  /** Upper bounds that are shown of a histogram; seconds. */
  readonly bounds?: readonly number[]
}

export const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  help,
  type: 'counter',
  samples,
})

export const gauge = (name: string, help: string, samples: readonly Sample[] | number): Family => ({
  name,
  help,
  type: 'gauge',
  samples: typeof samples === 'number' ? [{ labels: {}, value: samples }] : samples,
})
