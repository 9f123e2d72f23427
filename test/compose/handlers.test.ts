import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundledServer } from '../../main/compose/bundled-servers.ts'
import type { Caller } from '../../shared/contract/define.ts'
import type { EntryName, GrantId, ServerName, WorkspaceName } from '../../shared/domain/ids.ts'
import { auditUnwritable } from '../../shared/errors.ts'
import { aServer } from '../permissions/a-call.ts'
import { type AnApp, anApp } from './an-app.ts'

const caller: Caller = { carrier: 'browser', description: 'a test' }
const notes = 'notes' as ServerName

let app: AnApp
beforeEach(async () => {
  app = await anApp()
  app.hosting.servers.add(aServer())
})
afterEach(async () => {
  vi.restoreAllMocks()
  await app.end()
})

const rule = (tool: string) => ({ client: '*', tool })

/** Everything a person may do that changes who may do what. */
const widening: Record<string, (handlers: AnApp['handlers'], given: { rule: GrantId }) => unknown> = {
  'catalog.setView': ({ catalog }) => catalog.setView({ holder: 'client', name: 'Editor', servers: [notes] }, caller),
  'clients.pair': ({ clients }) => clients.pair({ name: 'Fresh' }, caller),
  'clients.token': ({ clients }) => clients.token({ name: 'Fresh', days: 1, scopes: [], limits: [] }, caller),
  'clients.revoke': ({ clients }) => clients.revoke({ name: 'Editor' }, caller),
  'clients.suspend': ({ clients }) => clients.suspend({ name: 'Editor' }, caller),
  'clients.resume': ({ clients }) => clients.resume({ name: 'Paused' }, caller),
  'permissions.allow': ({ permissions }) => permissions.allow(rule('notes__a'), caller),
  'permissions.ask': ({ permissions }) => permissions.ask(rule('notes__b'), caller),
  'permissions.deny': ({ permissions }) => permissions.deny(rule('notes__c'), caller),
  'permissions.revoke': ({ permissions }, given) => permissions.revoke({ id: given.rule }, caller),
  'permissions.setFolders': ({ permissions }) =>
    permissions.setFolders({ folders: [{ path: app.folder, access: 'write' }] }, caller),
  'secrets.set': ({ secrets }) => secrets.set({ server: notes, name: 'TOKEN', value: 'hush' }, caller),
  'secrets.remove': ({ secrets }) => secrets.remove({ server: notes, name: 'KEPT' }, caller),
  'servers.add': ({ servers }) =>
    servers.add({ name: 'fresh' as ServerName, command: process.execPath, args: ['x.js'], acceptPins: true }, caller),
  'servers.addOff': ({ servers }) =>
    servers.addOff({ name: 'fresh' as ServerName, command: process.execPath, args: ['x.js'] } as never, caller),
  'servers.set': ({ servers }) => servers.set({ name: notes, trusted: true }, caller),
  'servers.remove': ({ servers }) => servers.remove({ name: notes }, caller),
  'servers.disable': ({ servers }) => servers.disable({ name: notes }, caller),
  'servers.enable': ({ servers }) => servers.enable({ name: 'off' as ServerName }, caller),
  'servers.accept': ({ servers }) =>
    servers.accept(
      { name: notes, pins: app.hosting.catalog.review(notes).map(({ name, pin }) => ({ name, pin: pin as never })) },
      caller,
    ),
  'system.setAutostart': ({ system }) => system.setAutostart({ on: true }, caller),
  'system.setOperator': ({ system }) => system.setOperator({ passphrase: 'correct horse' }, caller),
}

/** What all of these change. */
async function standing() {
  const { areas, hosting, base, handlers } = app
  const { grants } = await handlers.permissions.list(undefined, caller)
  return {
    clients: areas.clients.list().map(({ name, state, tokens }) => [name, state, tokens.length]),
    grants: grants.map(({ id }) => id),
    servers: hosting.servers.list(),
    views: hosting.catalog.views.list(),
    entries: hosting.catalog.entries().map(({ name, quarantine }) => [name, quarantine]),
    secrets: base.credentials.list(),
    operator: await base.operator.isSet(),
    autostart: app.done.length,
  }
}

describe('where the audit cannot be written', () => {
  it.each(Object.keys(widening))('%s changes nothing', async (name) => {
    const { areas, base, hosting } = app
    await areas.clients.pairByPerson('Editor')
    await areas.clients.pairByPerson('Paused')
    areas.clients.suspend('Paused')
    hosting.servers.add(aServer({ name: 'off' as ServerName, enabled: false }))
    await base.credentials.set(notes, 'KEPT', 'kept')
    const definition = { name: 'do_it', inputSchema: { type: 'object' } }
    hosting.catalog.offer(notes, { entries: [{ kind: 'tool', definition }] }, false)
    const given = { rule: areas.permissions.add({ ...rule('x'), effect: 'deny', scope: 'rule', origin: 'person' }).id }
    const before = await standing()
    vi.spyOn(base.audit, 'append').mockImplementation(() => {
      throw auditUnwritable('the disk is full')
    })
    const done = (async () => widening[name]?.(app.handlers, given))()
    await expect(done).rejects.toMatchObject({ code: 'audit.unwritable' })
    expect(await standing()).toEqual(before)
  })
})

it('a change that fails after it was recorded is recorded as failed', async () => {
  await expect(app.handlers.clients.revoke({ name: 'Nobody' }, caller)).rejects.toMatchObject({ code: 'input.invalid' })
  expect(app.base.audit.list({ limit: 2 }).entries.map(({ summary }) => summary)).toEqual([
    'Failed, so not done or only in part: “Nobody” was revoked (a test)',
    '“Nobody” was revoked (a test)',
  ])
})

it('a forged record is told though the audit cannot be written, and recorded once it can', async () => {
  const { forged, audit, notices } = app.base
  const sentence = 'What you accepted of “x” was changed outside Gatehouse.'
  const faults = () => audit.list({ limit: 9, action: 'integrity.fault' }).entries.map(({ summary }) => summary)
  const told = () => notices.filter((text) => text === sentence).length
  const append = vi.spyOn(audit, 'append').mockImplementation(() => {
    throw auditUnwritable('the disk is full')
  })
  forged.found(sentence)
  expect([told(), faults()]).toEqual([1, []])
  append.mockRestore()
  for (let reading = 0; reading < 2; reading++) forged.found(sentence)
  expect([told(), faults()]).toEqual([1, [sentence]])
  expect(await app.handlers.integrity.state(undefined, caller)).toMatchObject({ sound: true, forged: [sentence] })
})

it('a backup takes no place when the keychain cannot keep what the database is to be', async () => {
  const { backup } = app.handlers
  await backup.setPassphrase({ passphrase: 'correct horse battery' }, caller)
  const { file } = await backup.create({}, caller)
  await app.base.tables.settled()
  vi.spyOn(app.base.ring, 'set').mockRejectedValue(new Error('the keychain is locked'))
  const replace = vi.spyOn(app.base.store, 'replaceAtClose')
  const restored = backup.restore({ file, passphrase: 'correct horse battery' }, caller)
  await expect(restored).rejects.toThrow('the keychain is locked')
  expect(replace).not.toHaveBeenCalled()
})

it('how many file operations a second there may be is set with the folders, kept with other folders, and put back', async () => {
  app.hosting.servers.add(bundledServer('filesystem'))
  const { permissions } = app.handlers
  const folders = [{ path: app.folder, access: 'read' as const }]
  const set = async (given: object) => {
    await permissions.setFolders({ folders, ...given }, caller)
    return (await permissions.folders({}, caller)).operationsPerSecond
  }
  expect([await set({ operationsPerSecond: 5 }), await set({}), await set({ operationsPerSecond: null })]).toEqual([
    5,
    5,
    undefined,
  ])
  const said = app.base.audit.list({ limit: 9, action: 'folders.set' }).entries.map(({ summary }) => summary)
  expect(said.map((sentence) => /; (\d+) file operations a second/.exec(sentence)?.[1])).toEqual([
    '100',
    undefined,
    '5',
  ])
})

it('what Gatehouse itself keeps, such as where an alert goes, is no secret that is listed or changed as a server’s', async () => {
  const { base, handlers } = app
  const [server, name] = ['gatehouse' as ServerName, 'alert-channel-team']
  await base.credentials.replace(server, name, 'https://hooks.example/first')
  await base.credentials.replace(server, name, 'https://hooks.example/second')
  const refused = { code: 'input.invalid', params: { problem: expect.stringContaining('Gatehouse itself keeps') } }
  const value = 'https://elsewhere.example/'
  await expect(handlers.secrets.rotate({ server, name, value }, caller)).rejects.toMatchObject(refused)
  await expect(handlers.secrets.revert({ server, name }, caller)).rejects.toMatchObject(refused)
  await expect(handlers.secrets.remove({ server, name }, caller)).rejects.toMatchObject(refused)
  expect(base.credentials.kept(server, name)).toBe('https://hooks.example/second')
  await base.credentials.set(notes, 'KEPT', 'kept')
  expect(await handlers.secrets.list(undefined, caller)).toMatchObject({ secrets: [{ server: notes, name: 'KEPT' }] })
})

it('a share of the apps that search their tools is told to those that are connected, when it changes', async () => {
  const told: string[] = []
  app.doors.gateway.catalog.onChanged((kind) => told.push(kind))
  const set = (path: string, value: number | null) => app.handlers.config.set({ path, value }, caller)
  const path = 'rollout.toolSearchPercent'
  await set(path, 100)
  expect(told).toEqual(['tool'])
  await set(path, 100)
  await set('approvals.expirySeconds', 60)
  expect(told).toEqual(['tool'])
  await set(path, null)
  expect(told).toEqual(['tool', 'tool'])
})

it('a rule is recorded once, with its sentence', async () => {
  await app.handlers.permissions.deny({ client: '*', tool: 'notes__x' as EntryName }, caller)
  expect(app.base.audit.list({ limit: 5 }).entries).toMatchObject([
    { action: 'permission.deny', summary: 'Every app may not use notes__x. (a test)' },
  ])
})

describe('folders are lent', () => {
  const work = 'work' as WorkspaceName
  const lent = () => [{ path: app.folder, access: 'read' as const }]

  it('to the apps of one workspace, by a files server of its own from the first folder on', async () => {
    const { permissions, workspaces } = app.handlers
    await workspaces.add({ name: work }, caller)
    const { servers, administration } = app.hosting
    vi.spyOn(administration, 'addBundled').mockImplementation(async (server) => servers.add(server))
    await permissions.setFolders({ workspace: work, folders: [] }, caller)
    expect(servers.list()).not.toContainEqual(expect.objectContaining({ workspace: work }))
    await permissions.setFolders({ workspace: work, folders: lent() }, caller)
    expect(servers.need('filesystem-work' as ServerName)).toMatchObject({ workspace: work, allowedPaths: lent() })
    expect(await permissions.folders({ workspace: work }, caller)).toEqual({ folders: lent() })
    expect(await permissions.folders({}, caller)).toEqual({ folders: [] })
    expect(app.base.audit.list({ limit: 1 }).entries[0]?.summary).toContain('of the workspace “work”')
  })

  it('to no workspace that is not there', async () => {
    const given = { workspace: 'nowhere' as WorkspaceName, folders: lent() }
    const lending = async () => app.handlers.permissions.setFolders(given, caller)
    await expect(lending()).rejects.toMatchObject({ code: 'input.invalid' })
  })
})

describe('a server is added to a workspace', () => {
  const nowhere = 'nowhere' as WorkspaceName
  const text = JSON.stringify({ mcpServers: { pasted: { command: 'no-such-program-here' } } })
  const pasting = async (workspace: WorkspaceName) => {
    const { preview } = await app.handlers.apps.previewPasted({ pasted: text }, caller)
    const chosen = { pasted: text, servers: ['pasted'], preview, acceptPins: false, workspace }
    return app.handlers.apps.importPasted(chosen, caller)
  }
  const named = (name: string) => ({ name: name as ServerName, workspace: nowhere })

  it('by pasted text, where it was chosen', async () => {
    const work = 'work' as WorkspaceName
    await app.handlers.workspaces.add({ name: work }, caller)
    expect((await pasting(work)).servers).toMatchObject([{ as: 'pasted', added: true }])
    expect(app.hosting.servers.need('pasted' as ServerName).workspace).toBe(work)
  })

  it('in no way to one that is not there', async () => {
    const { servers, remote, bundles } = app.handlers
    const command = { command: process.execPath, args: ['x.js'] }
    const ways: (() => unknown)[] = [
      () => pasting(nowhere),
      () => servers.add({ ...named('a'), ...command, acceptPins: true }, caller),
      () => servers.addOff({ ...named('b'), ...command }, caller),
      () =>
        remote.add({ ...named('c'), url: 'https://mcp.example.com', secrets: {}, acceptPins: false } as never, caller),
      () => bundles.add({ ...named('d'), file: '/nowhere.mcpb', sha256: '', secrets: {} } as never, caller),
    ]
    for (const way of ways) await expect(async () => way()).rejects.toMatchObject({ code: 'input.invalid' })
    expect(app.hosting.servers.list().filter(({ workspace }) => workspace === nowhere)).toEqual([])
  })
})
