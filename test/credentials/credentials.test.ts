import { describe, expect, it } from 'vitest'
import { Credentials, ownRingEntries } from '../../main/credentials/credentials.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import { Operator } from '../../main/credentials/operator.ts'
import { openDatabase } from '../../main/store/database.ts'
import { defaultWorkspace, type EpochMs, type ServerName, type SessionId } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { memoryRing } from './memory-ring.ts'

const mail = 'mail' as ServerName
const notes = 'notes' as ServerName

function aServer(name: ServerName, secretNames: readonly string[]): ServerConfig {
  return {
    name,
    workspace: defaultWorkspace,
    origin: { kind: 'command', command: 'true', args: [] },
    sandbox: 2,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames,
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}

describe('secrets', () => {
  it('are leased to the server that declared them, and to no other', async () => {
    const credentials = await Credentials.open(openDatabase(':memory:'), memoryRing())
    await credentials.set(mail, 'TOKEN', 'mail-secret')
    await credentials.set(mail, 'OTHER', 'undeclared')
    await credentials.set(notes, 'TOKEN', 'notes-secret')
    expect(await credentials.lease(aServer(mail, ['TOKEN']))).toEqual({ TOKEN: 'mail-secret' })
    expect(await credentials.lease(aServer(notes, ['TOKEN']))).toEqual({ TOKEN: 'notes-secret' })
    expect(await credentials.lease(aServer(notes, []))).toEqual({})
    const referring = { ...aServer(mail, []), env: { URL: 'x-$' + '{secret:TOKEN}' } }
    await expect(credentials.lease(referring)).rejects.toMatchObject({ code: 'secrets.missing' })
  })

  it('that are missing are named with the command that sets them', async () => {
    const credentials = await Credentials.open(openDatabase(':memory:'), memoryRing())
    await expect(credentials.lease(aServer(mail, ['TOKEN']))).rejects.toMatchObject({
      code: 'secrets.missing',
      params: { server: 'mail', name: 'TOKEN' },
    })
  })

  it('are listed by name, date and place, never by value', async () => {
    const db = openDatabase(':memory:')
    const credentials = await Credentials.open(db, memoryRing(), { now: () => 42 })
    await credentials.set(mail, 'TOKEN', 'mail-secret')
    expect(credentials.list()).toEqual([
      { server: 'mail', name: 'TOKEN', updatedAt: 42, holder: 'the keychain of this test', version: 1, uses: 0 },
    ])
    expect(db.serialize().includes('mail-secret')).toBe(false)
  })

  it('are known for redaction while they are set: after a start, a change and a removal', async () => {
    const db = openDatabase(':memory:')
    const ring = memoryRing()
    const first = await Credentials.open(db, ring)
    await first.set(mail, 'TOKEN', 'mail-secret')
    await first.set(mail, 'PIN', '1234')
    let changes = 0
    const credentials = await Credentials.open(db, ring, { onChange: () => changes++ })
    expect(credentials.knownValues()).toEqual(['mail-secret'])
    await credentials.set(mail, 'TOKEN', 'rotated-secret')
    expect(credentials.knownValues()).toEqual(['rotated-secret'])
    expect(await credentials.remove(mail, 'TOKEN')).toBe(true)
    expect(await credentials.remove(mail, 'TOKEN')).toBe(false)
    expect(credentials.knownValues()).toEqual([])
    expect(changes).toBe(3)
    await credentials.removeAll(mail)
    expect(credentials.list()).toEqual([])
  })

  it('can have the value before back, for 30 days, and it stays redacted meanwhile', async () => {
    const db = openDatabase(':memory:')
    const ring = memoryRing()
    let now = 0
    const open = () => Credentials.open(db, ring, { now: () => now })
    const first = await open()
    await first.replace(mail, 'TOKEN', 'first-value')
    expect(first.list()[0]).not.toHaveProperty('former')
    await expect(first.revert(mail, 'TOKEN')).rejects.toMatchObject({ code: 'input.invalid' })
    await first.replace(mail, 'TOKEN', 'second-value')
    expect(first.list()).toMatchObject([{ version: 2, former: true }])
    const second = await open()
    expect([...second.knownValues()].toSorted()).toEqual(['first-value', 'second-value'])
    await second.revert(mail, 'TOKEN')
    expect(await second.lease(aServer(mail, ['TOKEN']))).toEqual({ TOKEN: 'first-value' })
    await second.revert(mail, 'TOKEN')
    expect(await second.lease(aServer(mail, ['TOKEN']))).toEqual({ TOKEN: 'second-value' })
    now = 31 * 24 * 3_600_000
    expect((await open()).list()[0]).not.toHaveProperty('former')
    expect(await ring.get('former/mail/TOKEN')).toBeUndefined()
  })

  it('have no value before after 30 days, also where Gatehouse runs on', async () => {
    const ring = memoryRing()
    let now = 0
    const credentials = await Credentials.open(openDatabase(':memory:'), ring, { now: () => now })
    await credentials.replace(mail, 'TOKEN', 'first-value')
    await credentials.replace(mail, 'TOKEN', 'second-value')
    now = 29 * 24 * 3_600_000
    await credentials.forgetFormer()
    expect(credentials.list()[0]).toMatchObject({ former: true })
    now = 31 * 24 * 3_600_000
    expect(credentials.list()[0]).not.toHaveProperty('former')
    await expect(credentials.revert(mail, 'TOKEN')).rejects.toMatchObject({ code: 'input.invalid' })
    await credentials.forgetFormer()
    expect(await ring.get('former/mail/TOKEN')).toBeUndefined()
    expect(credentials.knownValues()).toEqual(['second-value'])
  })

  it('leave no former value behind when they are removed', async () => {
    const ring = memoryRing()
    const credentials = await Credentials.open(openDatabase(':memory:'), ring)
    await credentials.replace(mail, 'TOKEN', 'first-value')
    await credentials.replace(mail, 'TOKEN', 'second-value')
    await credentials.remove(mail, 'TOKEN')
    expect(await ring.get('former/mail/TOKEN')).toBeUndefined()
    expect(credentials.knownValues()).toEqual([])
  })

  it('say which start and which session they were used for, for 90 days', async () => {
    const db = openDatabase(':memory:')
    let now = 0
    const credentials = await Credentials.open(db, memoryRing(), { now: () => now })
    const session = 'se_one' as SessionId
    await credentials.set(mail, 'TOKEN', 'first-value')
    await credentials.lease(aServer(mail, ['TOKEN']))
    now = 1
    await credentials.lease(aServer(mail, ['TOKEN']), session)
    credentials.saveUses()
    now = 2
    await credentials.lease(aServer(mail, ['TOKEN']), session)
    const token = { server: 'mail', name: 'TOKEN', version: 1 }
    expect(credentials.uses(mail, 'TOKEN', 10)).toEqual([
      { ...token, session, firstAt: 1, lastAt: 2, times: 2 },
      { ...token, firstAt: 0, lastAt: 0, times: 1 },
    ])
    expect(credentials.uses(mail, 'OTHER', 10)).toEqual([])
    expect(credentials.uses(mail, undefined, 10)).toHaveLength(2)
    await credentials.set(mail, 'TOKEN', 'second-value')
    now = 91 * 24 * 3_600_000
    await credentials.lease(aServer(mail, ['TOKEN']), session)
    expect(credentials.uses(mail, undefined, 10)).toMatchObject([{ version: 2, times: 1 }])
    await credentials.remove(mail, 'TOKEN')
    expect(credentials.uses(mail, undefined, 10)).toEqual([])
  })

  it('keep their old value when the keychain refuses a new one', async () => {
    const ring = memoryRing()
    const credentials = await Credentials.open(openDatabase(':memory:'), ring)
    await credentials.set(mail, 'TOKEN', 'mail-secret')
    ring.set = () => Promise.reject(new Error('locked'))
    await expect(credentials.set(mail, 'TOKEN', 'another')).rejects.toThrow('locked')
    expect(await credentials.lease(aServer(mail, ['TOKEN']))).toEqual({ TOKEN: 'mail-secret' })
  })

  it('leave nothing behind in the keychain when Gatehouse is uninstalled', async () => {
    const entries = new Map<string, Buffer>()
    const ring = memoryRing(entries)
    await masterKeys(ring, true)
    const operator = new Operator(ring)
    await operator.set(undefined, 'correct horse')
    await operator.verify('wrong horse')
    const credentials = await Credentials.open(openDatabase(':memory:'), ring)
    await credentials.set(mail, 'TOKEN', 'mail-secret')
    expect(entries.size).toBe(6)
    await credentials.forgetEverything(ownRingEntries)
    expect([...entries.keys()]).toEqual([])
  })
})

it('counts versions and uses, and knows which secrets are due, over a restart', async () => {
  const db = openDatabase(':memory:')
  const ring = memoryRing()
  const time = { now: 1_000 }
  const open = () => Credentials.open(db, ring, { now: () => time.now })
  const first = await open()
  const server = 'mail' as ServerName
  await first.set(server, 'KEY', 'first-value')
  await first.set(server, 'KEY', 'second-value')
  expect(first.list()).toMatchObject([{ version: 2, uses: 0 }])
  expect(first.list()[0]).not.toHaveProperty('usedAt')
  expect(first.schedule(server, 'KEY', 90)).toBe(true)
  expect(first.schedule(server, 'OTHER', 90)).toBe(false)
  time.now += 5
  for (let at = 0; at < 3; at++)
    await first.lease({ name: server, env: {}, secretNames: ['KEY'] } as unknown as Parameters<Credentials['lease']>[0])
  first.saveUses()
  const again = await open()
  expect(again.list()).toMatchObject([{ version: 2, uses: 3, usedAt: 1_005, rotateDays: 90 }])
  expect(again.due()).toEqual([])
  time.now += 90 * 24 * 3_600_000
  expect(again.due()).toMatchObject([{ name: 'KEY' }])
  await again.set(server, 'KEY', 'third-value')
  expect(again.due()).toEqual([])
  expect(JSON.stringify(db.prepare('SELECT * FROM secret').all())).not.toContain('value')
})
