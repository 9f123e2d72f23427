import { describe, expect, it } from 'vitest'
import { checkRunning, runningFormOf } from '../../renderer/features/servers/running-form.ts'
import { runningChange } from '../../shared/contract/running.ts'

describe('the form of how a server runs', () => {
  it('shows what the server has, and the defaults where nothing was set', () => {
    expect(runningFormOf({ shared: false, running: {} })).toEqual({
      shared: false,
      least: '0',
      most: '1',
      callsEach: '4',
      balance: 'least-connections',
      prewarm: 'never',
      quota: 'none',
    })
    const running = { instances: { min: 2, max: 3 }, callsEach: 1, balance: 'round-robin', quota: 'web' }
    expect(runningFormOf({ shared: true, running })).toMatchObject({
      least: '2',
      most: '3',
      callsEach: '1',
      quota: 'web',
    })
  })

  it('says what the contract takes', () => {
    const checked = checkRunning({ ...runningFormOf({ shared: true, running: {} }), most: '5', quota: 'database' })
    if (typeof checked === 'string') throw new Error(checked)
    expect(runningChange.parse(checked.running)).toMatchObject({ instances: { min: 0, max: 5 }, quota: 'database' })
  })

  it('asks for no pool of a server that is not shared', () => {
    const form = { ...runningFormOf({ shared: true, running: {} }), least: '2', most: '5', shared: false }
    expect(checkRunning(form)).toMatchObject({ shared: false, running: { instances: { min: 0, max: 1 } } })
  })

  it.each([
    [{ least: '4', most: '3' }, 'running.problem.processes'],
    [{ most: '11' }, 'running.problem.processes'],
    [{ most: '0' }, 'running.problem.processes'],
    [{ most: 'many' }, 'running.problem.processes'],
    [{ callsEach: '0' }, 'running.problem.calls'],
  ] as const)('names what is not right in %o', (typed, problem) => {
    expect(checkRunning({ ...runningFormOf({ shared: true, running: {} }), ...typed })).toBe(problem)
  })
})
