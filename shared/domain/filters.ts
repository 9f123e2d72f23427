/** What happens to something a filter found. `allow`: it is only counted and labelled. */
export const filterActions = ['allow', 'warn', 'redact', 'block'] as const
export type FilterAction = (typeof filterActions)[number]

export const filterSeverities = ['info', 'warning', 'error'] as const
export type FilterSeverity = (typeof filterSeverities)[number]

/** `call`: arguments on their way to a server. `reply`: its answer. */
export const directions = ['call', 'reply'] as const
export type Direction = (typeof directions)[number]

export const filterPolicies = ['permissive', 'strict'] as const
export type FilterPolicy = (typeof filterPolicies)[number]

/** In the order they are listed; the first that finds something at a place has it. */
export const contentFilterIds = [
  'secret-token',
  'named-secret',
  'payment-card',
  'iban',
  'national-id',
  'company-id',
  'email-address',
  'phone-number',
  'ip-address',
  'postal-address',
  'person-name',
  'instructions',
  'hidden-characters',
  'unsafe-markup',
  'data-in-address',
  'encoded-payload',
] as const
export type ContentFilterId = (typeof contentFilterIds)[number]

/** What found something: one of these, or a word of the person's own. */
export type FoundBy = ContentFilterId | 'own-words'

export const ownWordKinds = ['word', 'pattern'] as const
export type OwnWordKind = (typeof ownWordKinds)[number]
/** How many words of one's own can be looked for. */
export const ownWordsKept = 200
export const longestOwnWord = 200

/** Something of the person's own that is looked for in every text, and what happens then in each direction. */
export interface OwnWordDraft {
  /** What it is called; may be shown and recorded. */
  readonly name: string
  readonly kind: OwnWordKind
  /** What is looked for, which may be private: never logged, told only when the person asks. */
  readonly value: string
  readonly severity: FilterSeverity
  readonly call: FilterAction
  readonly reply: FilterAction
}
export interface OwnWord extends OwnWordDraft {
  readonly id: string
}

export const filterGroups = ['secrets', 'personal', 'instructions', 'hidden', 'markup', 'addresses', 'encoded'] as const
export type FilterGroup = (typeof filterGroups)[number]

/** What may be set: one action for one filter, in one direction, for one server or (`*`) for all. */
export interface FilterSetting {
  readonly server: string
  readonly filter: ContentFilterId
  readonly direction: Direction
  readonly action: FilterAction
}
