import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Audit } from '../../main/audit/audit.ts'
import { newTrail } from '../../main/audit/call-trail.ts'
import { Draining } from '../../main/compose/draining.ts'
import { refuse } from '../../main/kernel/refuse.ts'
import type { Reply } from '../../shared/domain/call.ts'
import { appDraining, clientRevoked } from '../../shared/errors.ts'
import { type AuditFixture, anAuditFolder, answer } from '../audit/audit-fixture.ts'
import { anyKey, aReceived } from '../kernel/an-exchange.ts'

let folder: AuditFixture
let audit: Audit
beforeEach(async () => {
  folder = anAuditFolder()
  audit = await folder.open()
})
afterEach(async () => {
  await audit.stop()
  folder.remove()
})

const aCall = () => aReceived({ path: 'a.md' }, { trail: newTrail() }).received
const refusing = (clients = anyKey) => {
  const parts = { audit, clients, records: { isSound: () => true } }
  return (received: Parameters<typeof refuse>[0]) => refuse(received, appDraining(), parts)
}

test('a call that runs ends while the app drains; one that comes is refused and on record with who made it', async () => {
  const running = Promise.withResolvers<Reply>()
  const draining = new Draining()
  const way = draining.guarding(() => running.promise, refusing())
  const before = way(aCall())
  draining.begin()
  await expect(way(aCall())).rejects.toMatchObject({ code: 'app.draining', params: { seconds: '10' } })
  expect(audit.list({ limit: 5 }).entries).toMatchObject([
    { action: 'tools/call', decision: 'deny', client: 'Editor', code: 'app.draining', tool: 'notes__do_it' },
  ])
  let calm = false
  const waited = draining.calm(60_000).then(() => {
    calm = true
  })
  await Promise.resolve()
  expect(calm).toBe(false)
  running.resolve(answer)
  await expect(before).resolves.toBe(answer)
  await waited
})

test('a call that never ends is waited for no longer than the patience', async () => {
  const draining = new Draining()
  void draining.guarding(() => new Promise(() => {}), refusing())(aCall())
  draining.begin()
  await draining.calm(5)
})

test('whoever is unknown is refused for that, stopping or not', async () => {
  const revoked = {
    ...anyKey,
    identify: () => {
      throw clientRevoked('Editor')
    },
  }
  await expect(refusing(revoked)(aCall())).rejects.toMatchObject({ code: 'client.revoked' })
})
