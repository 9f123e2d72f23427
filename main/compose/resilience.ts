import type { Config } from '../config/config.ts'
import type { BreakerSettings } from '../limits/breaker.ts'
import type { RetrySettings } from '../supervisor/retry.ts'

/** The share is taken of twice as many calls as open it at least. */
export const breakerOf = ({
  breakerFailures,
  breakerPercent,
  breakerCalls,
  breakerRestSeconds,
}: Config['servers']): BreakerSettings => ({
  inARow: breakerFailures,
  share: breakerPercent / 100,
  atLeast: breakerCalls,
  ofLatest: 2 * breakerCalls,
  halfOpenAfterMs: breakerRestSeconds * 1000,
})

export const retryOf = ({
  retryAttempts,
  retryFirstMilliseconds,
  retryLongestSeconds,
}: Config['servers']): RetrySettings => ({
  attempts: retryAttempts,
  firstMs: retryFirstMilliseconds,
  longestMs: Math.max(retryFirstMilliseconds, retryLongestSeconds * 1000),
})
