import type { Requirements } from './run-conformance.ts'

/** How many scenarios a revision requires; the suite's own list names them. */
export const counts = {
  server: { '2025-11-25': 30, '2026-07-28': 37 },
  client: { '2025-11-25': 18, '2026-07-28': 32 },
} as const

/** Of clients, without a sign-in: those are in `sign-ins.test.ts`. */
export const clientScenarios: Readonly<Record<Requirements, readonly string[]>> = {
  '2025-11-25': [
    'initialize',
    'tools_call',
    'elicitation-sep1034-client-defaults',
    'sse-retry',
    'json-schema-2020-12-preservation',
  ],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'sep-2322-client-request-state',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
    'json-schema-2020-12-preservation',
  ],
}

/** Run here too, though no revision requires them: the suite had them later. */
export const addedLater: readonly string[] = ['json-schema-2020-12-preservation']

/** Every scenario the suite has for the tasks extension. */
export const tasksScenarios = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-status-notifications',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
]

/** Sign-ins of extensions. */
export const extensionSignIns = [
  'auth/client-credentials-basic',
  'auth/client-credentials-jwt',
  'auth/dpop',
  'auth/dpop-nonce',
  'auth/enterprise-managed-authorization',
  'auth/wif-jwt-bearer',
]

/** Extensions Gatehouse only carries: what they ask is of the server or the client itself, and no gateway between. */
export const notOurs = /^sep-2640-/
