import { expect, it } from 'vitest'
import { builtInRules } from '../../main/alerts/built-in-rules.ts'
import { alertSentence, ruleSentence } from '../../main/alerts/sentences.ts'
import type { Alert, AlertRule } from '../../shared/domain/alerts.ts'

const rule = (name: string) => builtInRules.find((one) => one.name === name) as AlertRule
const alert = (name: string, value: number, cause = 'notes'): Alert => ({
  id: 'al_1',
  rule: name,
  cause,
  severity: 'warning',
  state: 'open',
  openedAt: 0,
  returned: 0,
  value,
  holds: true,
})

it('every built-in rule is a sentence in both languages', () => {
  expect(builtInRules.map((one) => ruleSentence(one, 'en'))).toEqual([
    'A server is down.',
    'The average of calls that fail, of each server, over 5 minutes is more than 10 %.',
    'The 95th percentile of time calls take, of each server, over 5 minutes is more than 1 s.',
    'The highest use of a limit, of each quota, is at least 90 %.',
    'The highest use of a limit, of each quota, is at least 100 %.',
    'The sum of calls a minute, of each server, is far above what it was before (one hour, 95 %), and more than 30.',
    'The average of time calls take a minute, of each server, is far above what it was before (one hour, 95 %), and more than 500 ms.',
  ])
  for (const one of builtInRules) expect(ruleSentence(one, 'ro')).toMatch(/^[A-ZÎ].*\.$/)
})

it('an alert says what is so, of what, and when it is over by whom', () => {
  const said = (name: string, value: number, cause?: string) =>
    alertSentence(alert(name, value, cause), rule(name), 'en')
  expect(said('server-down', 1)).toBe('“notes” is down.')
  expect(said('error-rate', 12.345)).toBe('12.35 % of the calls of “notes” fail.')
  expect(said('slow-answers', 2.5)).toBe('Answers of “notes” take long: 95 % within 2.5 s.')
  expect(said('quota-used', 100, 'tool:files__*:bytes:day')).toBe('A limit is used to 100 %: tool files__*, bytes/day.')
  expect(said('unusual-calls', 90)).toBe('The sum of calls a minute of “notes” is unusual: 90.')
  const over: Alert = { ...alert('server-down', 1), state: 'resolved', resolvedAt: 1, resolvedBy: 'person' }
  expect(alertSentence(over, rule('server-down'), 'en')).toBe('“notes” is down. You called it resolved.')
  expect(alertSentence(over, undefined, 'ro')).toBe('server-down: notes. Ați spus că s-a rezolvat.')
})
