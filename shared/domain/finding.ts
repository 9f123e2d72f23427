/** How much a finding weighs: `high` holds an entry back until the person accepts it, `low` is only told. */
export const findingSeverities = ['low', 'medium', 'high'] as const
export type FindingSeverity = (typeof findingSeverities)[number]

/** What is looked for in what a server says of itself, and in its code. */
export const findingRules = [
  'hidden-text',
  'hidden-space',
  'mixed-letters',
  'instructs-model',
  'keeps-from-person',
  'wants-secrets',
  'sends-away',
  'wants-conversation',
  'steers-other-tool',
  'encoded-text',
  'hidden-markup',
  'takes-anything',
  'too-long',
  'runs-text',
  'runs-fetched-text',
  'starts-programs',
  'raw-socket',
  'reads-home-secrets',
  'harvests-environment',
  'hidden-code',
  'obfuscated',
  'install-script',
  'native-code',
  'unreadable-code',
  'not-all-looked-at',
] as const
export type FindingRule = (typeof findingRules)[number]

/** One thing the analysis found. */
export interface Finding {
  /** Where: `description`, `inputSchema.properties.path.description`, `src/index.js:12`. */
  readonly place: string
  readonly rule: FindingRule
  /** What was found there, shortened, with everything invisible made visible. */
  readonly detail: string
  readonly severity: FindingSeverity
}

const weight: Readonly<Record<FindingSeverity, number>> = { high: 0, medium: 1, low: 2 }

/** The gravest first; otherwise in the order they were found. */
export const byWeight = <T extends Finding>(findings: readonly T[]): T[] =>
  findings.toSorted((a, b) => weight[a.severity] - weight[b.severity])

export const isGrave = ({ severity }: Pick<Finding, 'severity'>): boolean => severity === 'high'
