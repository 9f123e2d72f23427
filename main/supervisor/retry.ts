import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel'
import type { Equipped } from '../kernel/exchange.ts'

/** @see spec, platform I: 3 attempts, 100 ms, ×2, cap 10 s, jitter */
export const defaultRetry = { attempts: 3, firstMs: 100, longestMs: 10_000 }
export type RetrySettings = typeof defaultRetry

/** Whether doing it twice is as good as once: what reads, and what a trusted server calls idempotent. */
export function isIdempotent({ method, server, entry, verdict }: Equipped): boolean {
  if (method !== 'tools/call') return method !== 'resources/subscribe' && method !== 'resources/unsubscribe'
  if (verdict.action === 'read') return true
  const hints = entry.definition.annotations as { idempotentHint?: unknown } | undefined
  return server.trusted && hints?.idempotentHint === true
}

/** Only where the person asked for it, and never a call with answers to a server's questions: those count once. */
export const mayRetry = (call: Equipped): boolean =>
  call.server.running?.retry === true && call.extra === undefined && isIdempotent(call)

/**
 * Tries again while the fault is transient and somebody waits for the answer.
 * @param pause resolves after so many milliseconds, rejects when the call is over
 */
export async function retried<T>(
  work: () => Promise<T>,
  isTransient: (error: unknown) => boolean,
  pause: (ms: number) => Promise<void>,
  settings: RetrySettings = defaultRetry,
): Promise<T> {
  let backoff = new ExponentialBackoff({
    initialDelay: settings.firstMs,
    maxDelay: settings.longestMs,
    exponent: 2,
    generator: halfJitterGenerator,
  }).next()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= settings.attempts || !isTransient(error)) throw error
      await pause(backoff.duration)
      backoff = backoff.next(undefined)
    }
  }
}

/** Waits, unless a signal aborts first. @throws the signal's reason */
export function pauseFor(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (then: () => void) => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', gone)
      then()
    }
    const gone = () => end(() => reject(signals.find((signal) => signal.aborted)?.reason))
    const timer = setTimeout(() => end(resolve), ms)
    for (const signal of signals) signal.addEventListener('abort', gone)
    if (signals.some((signal) => signal.aborted)) gone()
  })
}
