/** The steps a call's time is told by, in the order it passes them. `person`: while somebody was asked; `prepare`: secrets, and the entry before an effect; `record`: the audit entry. */
export const callSteps = [
  'identify',
  'look-up',
  'filter',
  'judge',
  'person',
  'queue',
  'prepare',
  'server',
  'reply',
  'record',
] as const
export type CallStep = (typeof callSteps)[number]

/** How a call ended. `error`: it reached its server, which failed; `waiting`: the person may still answer. */
export const callOutcomes = ['success', 'error', 'refused', 'waiting'] as const
export type CallOutcome = (typeof callOutcomes)[number]

/** What a picture may show, and how far its points are apart. */
export const metricRanges = {
  '1h': { seconds: 3_600, step: 60 },
  '6h': { seconds: 21_600, step: 300 },
  '1d': { seconds: 86_400, step: 900 },
  '7d': { seconds: 604_800, step: 3_600 },
  '30d': { seconds: 2_592_000, step: 21_600 },
} as const
export type MetricRange = keyof typeof metricRanges
export const rangeNames = Object.keys(metricRanges) as [MetricRange, ...MetricRange[]]
