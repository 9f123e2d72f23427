import type { PersonalStoreName } from '../../shared/domain/privacy.ts'

/** What a table of the database means for the data of persons. */
export type TableClass =
  /** Searched, and erased, by the store that owns it. */
  | { readonly owner: Exclude<PersonalStoreName, 'settings'> }
  /** Searched as text; what is found there was set up by whoever uses Gatehouse, and is theirs to change. */
  | 'settings'
  /** Holds no text a person could be named in, and why. */
  | { readonly none: string }

/** Every table of the database. A test holds this against the database itself. */
export const personalTables: Readonly<Record<string, TableClass>> = {
  approval: { owner: 'questions' },
  answer_count: { owner: 'answers' },
  call_task: { owner: 'tasks' },
  grants: { owner: 'rules' },
  held_grant: 'settings',
  incident: { owner: 'incidents' },
  server_grade: { owner: 'incidents' },
  session_read: { owner: 'flow' },
  audit_entry: { owner: 'audit' },
  audit_facet: { owner: 'audit' },
  audit_text: { owner: 'audit' },
  audit_workspace: { owner: 'audit' },
  server: 'settings',
  pin: 'settings',
  client: 'settings',
  client_token: 'settings',
  key_program: 'settings',
  session: 'settings',
  secret: 'settings',
  setting: 'settings',
  app_connection: 'settings',
  catalog_view: 'settings',
  filter_settings: 'settings',
  cell: 'settings',
  cell_list: 'settings',
  workspace: 'settings',
  use_quota: 'settings',
  good_package: 'settings',
  alert_rule: 'settings',
  alert_channel: 'settings',
  alert: 'settings',
  alert_delivery: 'settings',
  filter_word: 'settings',
  metric_series: 'settings',
  secret_use: { none: 'names of servers and secrets, as in the table secret, and times' },
  privacy_request: { none: 'a keyed sum of the words, and a name that was checked not to hold them' },
  audit_verification: { none: 'numbers' },
  permission_state: { none: 'ids of rules, a preset and a time' },
  grant_use: { none: 'counts' },
  quota_window: { none: 'counts' },
  metric_point: { none: 'numbers' },
  behaviour_profile: { none: 'figures of servers: sizes, times, and which of their tools are used how often' },
  client_patience: { none: 'times' },
  token_family: { none: 'ids and times' },
  table_root: { none: 'sums' },
  sealed_migration: { none: 'numbers' },
}

export const searchedAsText = Object.entries(personalTables).flatMap(([name, is]) => (is === 'settings' ? name : []))
