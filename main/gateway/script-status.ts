import type { ErrorCode } from '../../shared/errors.ts'

const exact: Partial<Record<ErrorCode, number>> = {
  'catalog.unknown': 404,
  'approvals.unknown': 404,
  'catalog.quarantined': 409,
  'server.disabled': 409,
  'approvals.waiting': 202,
  'limits.deadline': 504,
  'wire.too-large': 413,
}
const byArea: Readonly<Record<string, number>> = {
  arguments: 400,
  wire: 400,
  input: 400,
  limits: 429,
  server: 502,
  call: 409,
  keys: 503,
  audit: 503,
  app: 503,
  internal: 500,
}

/** The HTTP status of a refusal, for scripts; whatever is not named was not allowed. */
export const statusOf = (code: ErrorCode): number => exact[code] ?? byArea[code.split('.')[0] ?? ''] ?? 403
