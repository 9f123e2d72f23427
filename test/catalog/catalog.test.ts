import { beforeEach, describe, expect, it } from 'vitest'
import { Catalog } from '../../main/catalog/catalog.ts'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { PinStore } from '../../main/catalog/pin-store.ts'
import { ViewStore } from '../../main/catalog/view-store.ts'
import { Views } from '../../main/catalog/views.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { ExchangeMethod, Session } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import { defaultWorkspace, type ServerName, type WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { GatehouseError } from '../../shared/errors.ts'

const workspace = defaultWorkspace
const session = { workspace } as Session
let db: Database
let forged: string[]
let servers: Map<string, ServerConfig>
let catalog: Catalog

const seal = rowSeal(Buffer.alloc(32, 1))
const client = { name: 'editor' }
const open = () => {
  const store = new PinStore(db, seal, (_server, name) => forged.push(name))
  return new Catalog(store, { get: (name) => servers.get(name) }, new Views(new ViewStore(db, seal)))
}
const has = (name: string, more: Partial<ServerConfig> = {}) =>
  servers.set(name, { ...ownServer, name: name as ServerName, ...more })
const tool = (name: string, description = '') => ({
  kind: 'tool' as const,
  definition: { name, description, inputSchema: { type: 'object' } } as JsonObject,
})
const resource = (uri: string) => ({ kind: 'resource' as const, definition: { uri, name: uri } as JsonObject })
const template = (uriTemplate: string) => ({
  kind: 'resource-template' as const,
  definition: { uriTemplate, name: 't' } as JsonObject,
})
const offer = (server: string, entries: { kind: EntryKind; definition: JsonObject }[], accept = true) =>
  catalog.offer(server as ServerName, { entries }, accept)
const find = (target: string, method: ExchangeMethod = 'tools/call') =>
  catalog.resolve({ method, target, client, session })
const names = (kind: EntryKind = 'tool') =>
  catalog
    .listFor(kind, { workspace, client: client.name })
    .map((definition) => String(definition.name))
    .filter((name) => !name.startsWith('gatehouse__'))
const code = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatehouseError) return error.code
    throw error
  }
  return 'done'
}

beforeEach(() => {
  db = openDatabase(':memory:')
  forged = []
  servers = new Map()
  has('notes')
  has('other')
  catalog = open()
})

describe('a pin', () => {
  const everything: [EntryKind, JsonObject][] = [
    [
      'tool',
      { name: 'a', title: 'A', inputSchema: {}, outputSchema: {}, annotations: { title: 'x' }, icons: [], _meta: {} },
    ],
    ['resource', { uri: 'a:b', name: 'a', mimeType: 'text/plain', annotations: { priority: 1 }, icons: [], size: 1 }],
    ['resource-template', { uriTemplate: 'a:{b}', name: 'a', mimeType: 'text/plain', annotations: {}, icons: [] }],
    ['prompt', { name: 'a', title: 'A', arguments: [{ name: 'b', required: true }], icons: [] }],
    ['instructions', { description: 'Use it well.' }],
  ]
  it.each(everything)('covers every member of a %s', (kind, definition) => {
    offer('notes', [{ kind, definition }])
    for (const member of Object.keys(definition).filter((key) => !['name', 'uri', 'uriTemplate'].includes(key))) {
      offer('notes', [{ kind, definition: { ...definition, [member]: 'another' } }], false)
      expect(catalog.review('notes' as ServerName)).toMatchObject([{ kind, status: 'changed' }])
    }
    expect(catalog.listing({ workspace, client: 'editor' }).instructions).toBeUndefined()
  })
})

describe('names', () => {
  it('are SERVER__NAME, in the order of servers and of their own lists', () => {
    offer('other', [tool('b'), tool('a')])
    offer('notes', [tool('z')])
    expect(names()).toEqual(['notes__z', 'other__b', 'other__a'])
  })

  it('are shortened with a hash when they don’t fit, and stay the same whatever else is listed', () => {
    const long = 'x'.repeat(80)
    offer('notes', [tool(long), tool('mit Leerzeichen'), tool('mit_Leerzeichen')])
    const before = names()
    expect(new Set(before).size).toBe(3)
    for (const name of before) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    offer('notes', [tool('mit_Leerzeichen'), tool('mit Leerzeichen'), tool(long)])
    expect(names().sort()).toEqual([...before].sort())
    expect(find(before[0] ?? '').entry.ownName).toBe(long)
  })

  it('of resources are their URIs; the second to claim one gets a name of its own', () => {
    offer('other', [resource('file:///a')])
    offer('notes', [resource('file:///a')])
    expect(find('file:///a', 'resources/read').server.name).toBe('other')
    const second = find('gatehouse-resource://notes/file:///a', 'resources/read')
    expect([second.server.name, second.entry.ownName]).toEqual(['notes', 'file:///a'])
  })

  it('of unlisted resources are not taken away by a template nobody accepted', () => {
    offer('notes', [template('note://{id}')])
    offer('other', [template('{+all}')], false)
    expect(find('note://1', 'resources/read').server.name).toBe('notes')
    expect(code(() => find('else://1', 'resources/read'))).toBe('catalog.quarantined')
  })

  it('of unlisted resources reach the sole server whose template matches, else nobody', () => {
    offer('notes', [template('note://{id}')])
    expect(find('note://7', 'resources/read').entry).toMatchObject({ server: 'notes', ownName: 'note://7' })
    expect(code(() => find('note://7/8', 'resources/read'))).toBe('catalog.unknown')
    offer('other', [template('note://{+all}')])
    expect(code(() => find('note://7', 'resources/read'))).toBe('catalog.unknown')
  })

  it('of another workspace are unknown', () => {
    has('notes', { workspace: 'work' as WorkspaceName })
    offer('notes', [tool('a')])
    expect(names()).toEqual([])
    expect(code(() => find('notes__a'))).toBe('catalog.unknown')
  })
})

describe('pins', () => {
  it('hold back what nobody accepted, until exactly that is accepted', () => {
    offer('notes', [tool('a', 'one')], false)
    expect(names()).toEqual([])
    expect(code(() => find('notes__a'))).toBe('catalog.quarantined')
    const [shown] = catalog.review('notes' as ServerName)
    offer('notes', [tool('a', 'two')], false)
    const pins = [{ name: shown?.name, pin: shown?.pin }] as never
    expect(catalog.accept('notes' as ServerName, pins)).toBe(0)
    const [now] = catalog.review('notes' as ServerName)
    expect(catalog.accept('notes' as ServerName, [{ name: now?.name, pin: now?.pin }] as never)).toBe(1)
    expect(names()).toEqual(['notes__a'])
  })

  it('hold back a changed entry with both versions to compare, and release it when it changes back', () => {
    offer('notes', [tool('a', 'kind')])
    offer('notes', [tool('a', 'evil')], false)
    expect(code(() => find('notes__a'))).toBe('catalog.quarantined')
    const [change] = catalog.review('notes' as ServerName)
    expect(change?.status).toBe('changed')
    expect(change?.before).toContain('kind')
    expect(change?.after).toContain('evil')
    offer('notes', [tool('a', 'kind')], false)
    expect(code(() => find('notes__a'))).toBe('done')
  })

  it('say what vanished, and remember it when it comes back changed', () => {
    offer('notes', [tool('a', 'kind'), tool('b')])
    offer('notes', [tool('b')], false)
    expect(code(() => find('notes__a'))).toBe('catalog.unknown')
    expect(catalog.review('notes' as ServerName)).toMatchObject([{ name: 'notes__a', status: 'removed' }])
    offer('notes', [tool('a', 'evil'), tool('b')], false)
    expect(catalog.review('notes' as ServerName)).toMatchObject([{ name: 'notes__a', status: 'changed' }])
  })

  it('survive a restart, but not an edit without the key', () => {
    offer('notes', [tool('a'), tool('b', 'evil')], false)
    catalog.accept('notes' as ServerName, [catalog.review('notes' as ServerName)[0]] as never)
    db.exec(`UPDATE pin SET accepted = offered, accepted_pin = offered_pin WHERE own_name = 'b'`)
    catalog = open()
    expect(names()).toEqual(['notes__a'])
    expect(forged).toEqual(['b'])
    expect(code(() => find('notes__b'))).toBe('catalog.quarantined')
  })

  it('refuse a call whose entry changed since it was found', () => {
    offer('notes', [tool('a', 'kind'), template('note://{id}')])
    const { entry } = find('notes__a')
    const made = find('note://1', 'resources/read').entry
    expect(code(() => catalog.confirm(entry))).toBe('done')
    expect(code(() => catalog.confirm(made))).toBe('done')
    offer('notes', [tool('a', 'evil')], false)
    expect(code(() => catalog.confirm(entry))).toBe('catalog.quarantined')
    expect(code(() => catalog.confirm(made))).toBe('catalog.unknown')
  })
})

describe('a server that is off', () => {
  it('lists nothing and says why it can’t be used', () => {
    offer('notes', [tool('a')])
    has('notes', { enabled: false, disabledReason: 'It stopped too often.' })
    expect(names()).toEqual([])
    expect(code(() => find('notes__a'))).toBe('server.disabled')
  })
})
