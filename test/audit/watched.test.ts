import { afterEach, beforeEach, expect, it } from 'vitest'
import { type AuditFixture, anAuditFolder } from './audit-fixture.ts'

let place: AuditFixture
beforeEach(() => {
  place = anAuditFolder()
})
afterEach(() => place.remove())

async function aLog(entries: number) {
  const audit = await place.open()
  for (let at = 0; at < entries; at++) audit.append({ action: 'app.start', severity: 'info', summary: `${at}` })
  return audit
}

it('is told how far a verification has come, each percent once and rising', async () => {
  const audit = await aLog(1000)
  const told: number[] = []
  expect(await audit.verify({}, { onPercent: (percent) => told.push(percent) })).toMatchObject({ valid: true })
  expect(told.slice(0, 3)).toEqual([0, 1, 2])
  expect(told.at(-1)).toBeGreaterThanOrEqual(99)
  expect(told).toEqual([...new Set(told)].sort((a, b) => a - b))
  const part: number[] = []
  await audit.verify({ from: 500, to: 600 }, { onPercent: (percent) => part.push(percent) })
  expect(part.at(-1)).toBeGreaterThanOrEqual(98)
  await audit.stop()
})

it('ends when it is stopped, without a verdict', async () => {
  const audit = await aLog(1000)
  const stop = new AbortController()
  const told: number[] = []
  const onPercent = (percent: number) => {
    told.push(percent)
    if (percent === 40) stop.abort()
  }
  await expect(audit.verify({}, { signal: stop.signal, onPercent })).rejects.toMatchObject({ code: 'audit.stopped' })
  expect(told.at(-1)).toBe(40)
  expect(await audit.verify()).toMatchObject({ valid: true, checked: 1000 })
  await audit.stop()
})
