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
import { defaultWorkspace, type ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { corpus } from './tool-corpus.ts'

const seal = rowSeal(Buffer.alloc(32, 1))
const workspace = defaultWorkspace
const session = { workspace } as Session
const notes = 'notes' as ServerName
const web = 'web' as ServerName

let db: Database
let catalog: Catalog
let forged: string[]
let searchPercent: number
let told: number
let kinds: (readonly string[])[]
let servers: Map<string, ServerConfig>

function open(): Catalog {
  const tell = (holder: string, name: string) => forged.push(`${holder} ${name}`)
  const views = new Views(new ViewStore(db, seal), tell, () => searchPercent)
  return new Catalog(new PinStore(db, seal), { get: (name) => servers.get(name) }, views, (_, changed) => {
    told++
    kinds.push(changed)
  })
}
const offer = (server: ServerName, kind: EntryKind, ...definitions: JsonObject[]) =>
  catalog.offer(server, { entries: definitions.map((definition) => ({ kind, definition })) }, true, false)
const tool = (name: string): JsonObject => ({ name, inputSchema: { type: 'object' } })
const listed = (client: string, kind: EntryKind = 'tool') =>
  catalog.listFor(kind, { workspace, client }).map((one) => String(one.uri ?? one.uriTemplate ?? one.name))
const others = (client: string) => listed(client).filter((name) => !name.startsWith('gatehouse__'))
const code = (client: string, target: string, method: ExchangeMethod = 'tools/call') => {
  try {
    return catalog.resolve({ method, target, client: { name: client }, session }).entry.name
  } catch (error) {
    if (error instanceof GatehouseError) return `${error.code} ${JSON.stringify(error.params)}`
    throw error
  }
}

beforeEach(() => {
  db = openDatabase(':memory:')
  forged = []
  searchPercent = 0
  told = 0
  kinds = []
  servers = new Map(['notes', 'web'].map((name) => [name, { ...ownServer, name: name as ServerName }]))
  catalog = open()
  offer(notes, 'tool', tool('read'), tool('delete_all'))
  offer(web, 'tool', tool('open'), tool('delete_tab'))
})

describe('a view', () => {
  it('leaves out servers and tools for one client, who is answered as if they did not exist', () => {
    catalog.setView('client', 'Editor', { servers: [notes], hidden: ['*delete*'] })
    expect(others('editor')).toEqual(['notes__read'])
    expect(others('other')).toHaveLength(4)
    for (const hidden of ['web__open', 'notes__delete_all'])
      expect(code('EDITOR', hidden)).toBe(code('other', hidden.replace('__', '__no_such_')).replace('no_such_', ''))
    expect(code('editor', 'notes__read')).toBe('notes__read')
  })

  it('does not say that a hidden server is off, or that a hidden tool waits for review', () => {
    catalog.setView('client', 'editor', { servers: [notes], hidden: [] })
    servers.set('web', { ...ownServer, name: web, enabled: false })
    expect(code('editor', 'web__open')).toBe('catalog.unknown {"entry":"web__open"}')
    catalog.offer(web, { entries: [{ kind: 'tool', definition: tool('fresh') }] }, false, false)
    expect(code('editor', 'web__fresh')).toBe('catalog.unknown {"entry":"web__fresh"}')
  })

  it('of a workspace holds for all its clients; a client’s own only narrows it', () => {
    catalog.setView('workspace', workspace, { servers: [notes], hidden: ['notes__delete_*'], mode: 'search' })
    catalog.setView('client', 'editor', { servers: [notes, web], hidden: [], mode: 'list' })
    expect(others('editor')).toEqual(['notes__read'])
    expect(others('other')).toEqual([])
    expect(listed('other')).toContain('gatehouse__find_tools')
  })

  it('hides resources by address, however they are asked for', () => {
    offer(notes, 'resource', { uri: 'note://1', name: 'one' })
    offer(notes, 'resource-template', { uriTemplate: 'note://x/{id}', name: 'x' })
    catalog.setView('client', 'editor', { hidden: ['note://*'] })
    expect(listed('editor', 'resource')).toEqual([])
    expect(listed('editor', 'resource-template')).toEqual([])
    for (const uri of ['note://1', 'note://x/2', 'gatehouse-resource://notes/note://x/2'])
      expect(code('editor', uri, 'resources/read')).toContain('catalog.unknown')
    expect(code('other', 'note://x/2', 'resources/read')).toBe('note://x/2')
  })

  it('of an unlisted address counts only templates of servers the client sees', () => {
    offer(notes, 'resource-template', { uriTemplate: 'file:///{+path}', name: 'n' })
    offer(web, 'resource-template', { uriTemplate: 'file:///{+path}', name: 'w' })
    expect(code('editor', 'file:///a', 'resources/read')).toContain('catalog.unknown')
    catalog.setView('client', 'editor', { servers: [web], hidden: [] })
    expect(code('editor', 'file:///a', 'resources/read')).toBe('file:///a')
  })

  it('takes a pattern for nothing but text with stars', () => {
    catalog.setView('client', 'editor', { hidden: ['notes__r.ad', '(', 'web__O*'] })
    expect(others('editor')).toEqual(['notes__read', 'notes__delete_all', 'web__delete_tab'])
  })

  it('is told of, and is there after a restart; one that takes nothing away is gone', () => {
    const before = told
    catalog.setView('client', 'editor', { servers: [], hidden: [] })
    expect(told).toBe(before + 1)
    catalog = open()
    expect([others('editor'), forged]).toEqual([[], []])
    catalog.setView('client', 'editor', { hidden: [] })
    catalog = open()
    expect([others('editor').length, forged, catalog.views.list()]).toEqual([4, [], []])
  })
})

describe('a view changed without the key', () => {
  beforeEach(() => {
    catalog.setView('client', 'editor', { servers: [notes], hidden: [] })
    catalog.setView('client', 'other', { hidden: ['web__*'] })
  })
  const reopenedAfter = (sql: string) => {
    db.exec(sql)
    catalog = open()
    return [others('editor'), others('other'), forged]
  }

  it.each([
    ['widened', `UPDATE catalog_view SET servers = NULL WHERE name = 'editor'`],
    ['taken out', `DELETE FROM catalog_view WHERE name = 'editor'`],
    ['replaced by another’s', `UPDATE OR REPLACE catalog_view SET name = 'editor' WHERE name = 'other'`],
  ])('shows nothing to whom it belongs when it was %s, and says so', (_, sql) => {
    const [editor, , said] = reopenedAfter(sql)
    expect(editor).toEqual([])
    expect(said).toContain('client editor')
    expect(listed('editor')).toContain('gatehouse__capabilities')
  })

  it('shows nothing to anyone with a view when the list of them was touched', () => {
    expect(reopenedAfter(`UPDATE catalog_view SET hidden = '[]' WHERE holder = 'all'`)).toEqual([
      [],
      [],
      ['client editor', 'client other'],
    ])
  })

  it('stays closed while other views are set, and opens when it is set again', () => {
    reopenedAfter(`DELETE FROM catalog_view WHERE name = 'editor'`)
    catalog.setView('client', 'third', { hidden: ['x'] })
    catalog = open()
    expect(others('editor')).toEqual([])
    catalog.setView('client', 'editor', { servers: [web], hidden: [] })
    catalog = open()
    expect(others('editor')).toEqual(['web__open', 'web__delete_tab'])
  })
})

describe('lists', () => {
  it('are the same array until something changes', () => {
    const list = () => catalog.listFor('tool', { workspace, client: 'editor' })
    const first = list()
    expect(list()).toBe(first)
    expect(catalog.listFor('tool', { workspace, client: 'someone else' })).toBe(first)
    catalog.setView('client', 'third', { hidden: ['notes__read'] })
    expect(list()).toEqual(first)
    offer(web, 'tool', tool('more'))
    expect(list()).toHaveLength(first.length + 1)
  })

  it('follow a server that is switched off and on, and whoever lists is told once', () => {
    const before = told
    servers.set('web', { ...ownServer, name: web, enabled: false })
    expect(others('editor')).toEqual(['notes__read', 'notes__delete_all'])
    catalog.serverChanged(web)
    catalog.serverChanged(web)
    expect(told).toBe(before + 1)
    servers.set('web', { ...ownServer, name: web })
    catalog.serverChanged(web)
    expect([told, others('editor').length]).toEqual([before + 2, 4])
  })

  it('are in the same order after a restart and whatever order servers came in', () => {
    const before = listed('editor')
    catalog = open()
    expect(listed('editor')).toEqual(before)
    db = openDatabase(':memory:')
    catalog = open()
    offer(web, 'tool', tool('open'))
    offer(notes, 'tool', tool('read'), tool('delete_all'))
    offer(web, 'tool', tool('open'), tool('delete_tab'))
    expect(listed('editor')).toEqual(before)
  })

  it('of a client in search mode hold only the tools to search with; its own --server view stays whole', () => {
    catalog.setView('client', 'editor', { hidden: [], mode: 'search' })
    expect(listed('editor').sort()).toEqual([
      'gatehouse__await_approval',
      'gatehouse__call_tool',
      'gatehouse__capabilities',
      'gatehouse__explain_refusal',
      'gatehouse__find_tools',
    ])
    expect(catalog.listFor('tool', { workspace, client: 'editor', view: notes }).map(({ name }) => name)).toEqual([
      'read',
      'delete_all',
    ])
    expect(listed('other')).not.toContain('gatehouse__find_tools')
  })

  it('of 1 500 tools take a client in search mode less than a hundredth of their text', () => {
    for (const { name, tools } of corpus) {
      servers.set(name, { ...ownServer, name: name as ServerName })
      offer(name as ServerName, 'tool', ...tools)
    }
    catalog.setView('client', 'editor', { hidden: [], mode: 'search' })
    const sizeOf = (client: string) => JSON.stringify(catalog.listFor('tool', { workspace, client })).length
    expect(sizeOf('editor') / sizeOf('other')).toBeLessThan(0.01)
  })

  it('are searched by a growing share of the clients nobody chose for, always the same ones first', () => {
    offer(web, 'tool', ...Array.from({ length: 100 }, (_, place) => tool(`tool_${place}`)))
    const names = Array.from({ length: 400 }, (_, place) => `app ${place}`)
    const searching = () => new Set(names.filter((name) => listed(name).includes('gatehouse__find_tools')))
    const [none, some, more, all] = [0, 25, 50, 100].map((percent) => {
      searchPercent = percent
      return searching()
    }) as [Set<string>, Set<string>, Set<string>, Set<string>]
    expect([none.size, all.size]).toEqual([0, 400])
    expect([some.size / 400, more.size / 400]).toEqual([expect.closeTo(0.25, 1), expect.closeTo(0.5, 1)])
    expect([...some].filter((name) => !more.has(name))).toEqual([])
    catalog.setView('client', 'app 7', { hidden: [], mode: 'list' })
    expect(searching().has('app 7')).toBe(false)
  })

  it('in auto mode are searched only when there are more than a hundred tools', () => {
    catalog.setView('client', 'editor', { hidden: [], mode: 'auto' })
    expect(others('editor')).toHaveLength(4)
    offer(web, 'tool', ...Array.from({ length: 97 }, (_, place) => tool(`tool_${place}`)))
    expect(others('editor')).toEqual([])
    expect(others('other')).toHaveLength(101)
  })
})

describe('a list is told to be another only when it is', () => {
  const toldOf = (change: () => void) => {
    kinds = []
    change()
    return kinds.flat()
  }

  it('of the kind that was added to, changed, taken away or let go', () => {
    const note = { uri: 'note:1', name: 'one' }
    expect(toldOf(() => offer(notes, 'prompt', { name: 'plan' }))).toEqual(['prompt'])
    expect(toldOf(() => offer(notes, 'resource', note))).toEqual(['resource'])
    expect(toldOf(() => offer(notes, 'resource-template', { uriTemplate: 'note:{id}', name: 'any' }))).toEqual([
      'resource',
    ])
    expect(toldOf(() => offer(web, 'tool', { ...tool('open'), description: 'other' }))).toEqual(['tool'])
    expect(toldOf(() => offer(web, 'instructions', { text: 'be kind' }))).toEqual([])
    expect(toldOf(() => catalog.forget(notes))).toEqual(['tool', 'resource', 'prompt'])
  })

  it('not for what is held back, but once it is accepted', () => {
    const entries = [{ kind: 'prompt' as const, definition: { name: 'fresh' } }]
    expect(toldOf(() => catalog.offer(notes, { entries }, false, false))).toEqual([])
    const [pending] = catalog.review(notes)
    const pins = [{ name: pending?.name, pin: pending?.pin }] as Parameters<Catalog['accept']>[1]
    expect(toldOf(() => void catalog.accept(notes, pins))).toEqual(['prompt'])
  })

  it('of what a server that is switched off or on offers', () => {
    const off = () => {
      servers.set('web', { ...ownServer, name: web, enabled: false })
      catalog.serverChanged(web)
    }
    expect(toldOf(off)).toEqual(['tool'])
    expect(toldOf(off)).toEqual([])
  })

  it('of what a view hides or shows, and of tools when they are to be searched', () => {
    offer(notes, 'prompt', { name: 'plan' })
    expect(toldOf(() => void catalog.setView('client', 'editor', { hidden: ['*plan'] }))).toEqual(['prompt'])
    expect(toldOf(() => void catalog.setView('client', 'editor', { hidden: ['*plan'], mode: 'search' }))).toEqual([
      'tool',
    ])
  })
})
