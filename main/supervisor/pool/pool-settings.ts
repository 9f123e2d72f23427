import type { RunningSettings } from '../../../shared/domain/running.ts'
import { defaultPool, type PoolSettings } from './pool.ts'

/** What the person set, the rest as it is by default. */
export function poolSettingsOf(running: RunningSettings | undefined): PoolSettings {
  if (running === undefined) return defaultPool
  const { instances, callsEach, balance, weights, affinity, lifetimeSeconds, idleSeconds } = running
  return {
    instances: instances ?? defaultPool.instances,
    callsEach: callsEach ?? defaultPool.callsEach,
    balance: balance ?? defaultPool.balance,
    weights: weights ?? defaultPool.weights,
    affinity: affinity ?? defaultPool.affinity,
    lifetimeSeconds: lifetimeSeconds ?? defaultPool.lifetimeSeconds,
    acquireMs: defaultPool.acquireMs,
    idleMs: idleSeconds === undefined ? defaultPool.idleMs : idleSeconds * 1000,
  }
}
