import type { z } from 'zod'
import type { runningChange } from '../../../shared/contract/running.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import {
  type Balance,
  balances,
  type Prewarm,
  prewarmTimes,
  type QuotaKind,
  quotaKinds,
} from '../../../shared/domain/running.ts'

/** How a server is run, as the person edits it. Numbers are what was typed. */
export interface RunningForm {
  readonly shared: boolean
  readonly least: string
  readonly most: string
  readonly callsEach: string
  readonly balance: Balance
  readonly prewarm: Prewarm
  readonly quota: QuotaKind
}

const usualCallsEach = '4'
const mostProcesses = 10
const mostCallsEach = 1000

export function runningFormOf({ shared, running }: Pick<ServerDetail, 'shared' | 'running'>): RunningForm {
  const { min, max } = (running.instances ?? { min: 0, max: 1 }) as { min: number; max: number }
  return {
    shared,
    least: String(min),
    most: String(max),
    callsEach: running.callsEach === undefined ? usualCallsEach : String(running.callsEach),
    balance: oneOf(balances, running.balance, 'least-connections'),
    prewarm: oneOf(prewarmTimes, running.prewarm, 'never'),
    quota: oneOf(quotaKinds, running.quota, 'none'),
  }
}

export type RunningFormProblem = 'running.problem.processes' | 'running.problem.calls'

/** Turns the form into a change, or names the first thing that is not right. A pool is only for a server that is shared. */
export function checkRunning(
  form: RunningForm,
): { readonly shared: boolean; readonly running: z.input<typeof runningChange> } | RunningFormProblem {
  const { shared, balance, prewarm, quota } = form
  const [min, max, callsEach] = [form.least, form.most, form.callsEach].map(whole)
  if (min === undefined || max === undefined || min > max || max < 1 || max > mostProcesses)
    return 'running.problem.processes'
  if (callsEach === undefined || callsEach < 1 || callsEach > mostCallsEach) return 'running.problem.calls'
  const instances = shared ? { min, max } : { min: 0, max: 1 }
  return { shared, running: { instances, callsEach, balance, prewarm, quota } }
}

const whole = (text: string): number | undefined => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : undefined)

function oneOf<T extends string>(all: readonly T[], value: unknown, otherwise: T): T {
  return all.find((one) => one === value) ?? otherwise
}
