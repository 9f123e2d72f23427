import { describe, expect, it } from 'vitest'
import { draftOf, emptyForm, hoursFault } from '../../renderer/features/permissions/rule-form.ts'

describe('the hours of a rule in the form', () => {
  it.each([
    ['', '', undefined],
    ['09:00', '17:00', undefined],
    ['22:00', '06:00', undefined],
    ['09:00', '', 'rule.hours.both'],
    ['', '17:00', 'rule.hours.both'],
    ['09:00', '09:00', 'rule.hours.never'],
    ['00:00', '00:00', 'rule.hours.never'],
  ] as const)('from %j to %j: %s', (from, to, fault) => {
    expect(hoursFault({ from, to })).toBe(fault)
  })

  it('are left out only where neither is filled in', () => {
    const hours = (from: string, to: string) => draftOf({ ...emptyForm, tool: 'x', from, to }, 0).conditions?.hours
    expect(hours('', '')).toBeUndefined()
    expect(hours('09:05', '17:30')).toEqual({ from: 545, to: 1050 })
  })
})
