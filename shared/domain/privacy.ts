/** Where data of a person may be kept. */
export const personalStores = [
  'audit',
  'memory',
  'questions',
  'answers',
  'rules',
  'tasks',
  'flow',
  'incidents',
  'logs',
  'settings',
] as const
export type PersonalStoreName = (typeof personalStores)[number]

/** What the person whose data it is may ask for. */
export const requestKinds = ['access', 'portability', 'rectification', 'erasure'] as const
export type RequestKind = (typeof requestKinds)[number]

/** Why something stays that names the person. */
export const keptReasons = [
  /** A plain sentence or a name in the log, which its chain covers. */
  'sentence',
  /** A question that waits for its answer, or an answer still to be used. */
  'open-question',
  'running-task',
  /** What the person who uses Gatehouse set up: rules, names of servers and apps, settings. */
  'own-rule',
  'own-setting',
  /** Sealed, so nobody can look into it without its passphrase. */
  'backup',
  /** A damaged database that was moved away. */
  'set-aside',
  /** Files of servers' own, which Gatehouse does not read. */
  'packages',
  /** It could not be read or written. */
  'failed',
] as const
export type KeptReason = (typeof keptReasons)[number]

export const requestOutcomes = ['done', 'partly', 'cancelled', 'failed'] as const
export type RequestOutcome = (typeof requestOutcomes)[number]
