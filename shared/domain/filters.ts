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

export const filterGroups = ['secrets', 'personal', 'instructions', 'hidden', 'markup', 'addresses', 'encoded'] as const
export type FilterGroup = (typeof filterGroups)[number]

/** What may be set: one action for one filter, in one direction, for one server or (`*`) for all. */
export interface FilterSetting {
  readonly server: string
  readonly filter: ContentFilterId
  readonly direction: Direction
  readonly action: FilterAction
}
