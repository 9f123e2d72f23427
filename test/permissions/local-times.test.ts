import { afterEach, beforeEach, expect, it } from 'vitest'
import { zonedTime } from '../../main/cli/option-values.ts'
import { grantSentence } from '../../main/permissions/sentences.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { withLocalTimes } from '../../shared/messages/local-times.ts'

const zone = process.env.TZ
beforeEach(() => {
  process.env.TZ = 'Europe/Bucharest'
})
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const until = (at: string) =>
  grantSentence({
    effect: 'allow',
    scope: 'rule',
    client: 'Cursor',
    tool: 'filesystem__read_*',
    expiresAt: Date.parse(at) as EpochMs,
    origin: 'rule',
  })

it('shows the moment in a stored sentence as local time with its zone', () => {
  expect(until('2027-07-01T10:00Z')).toContain('2027-07-01 10:00 UTC')
  expect(withLocalTimes(until('2027-07-01T10:00Z'), zonedTime)).toMatch(/until 2027-07-01 13:00 (EEST|GMT\+3)\.$/)
  expect(withLocalTimes(until('2027-01-01T23:30Z'), zonedTime)).toMatch(/until 2027-01-02 01:30 (EET|GMT\+2)\.$/)
})

it('leaves what is no moment as it stands', () => {
  const sentence = 'Cursor may use x in /backups/2027-13-45 99:99 UTC.'
  expect(withLocalTimes(sentence, zonedTime)).toBe(sentence)
})
