import { expect, test } from 'vitest'
import { Catalog } from '../../main/catalog/catalog.ts'
import { PinStore } from '../../main/catalog/pin-store.ts'
import { ViewStore } from '../../main/catalog/view-store.ts'
import { Views } from '../../main/catalog/views.ts'
import { presentIn } from '../../main/compose/areas.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import type { ExchangeMethod } from '../../shared/domain/call.ts'
import { aServer, aSession } from '../permissions/a-call.ts'

test('what was asked about is found again: an address of a template, and a prompt called like a tool', () => {
  const db = openDatabase(':memory:')
  const seal = rowSeal(Buffer.alloc(32, 3))
  const servers = new ServerStore(db, seal)
  const server = aServer()
  servers.add(server)
  const catalog = new Catalog(new PinStore(db, seal), servers, new Views(new ViewStore(db, seal)))
  const entries = [
    { kind: 'tool' as const, definition: { name: 'same', inputSchema: { type: 'object' } } },
    { kind: 'prompt' as const, definition: { name: 'same' } },
    { kind: 'resource-template' as const, definition: { name: 'note', uriTemplate: 'note://{id}' } },
  ]
  catalog.offer(server.name, { entries }, true)
  const present = presentIn({ servers, catalog })
  const asked = (method: ExchangeMethod, target: string) =>
    catalog.resolve({ method, target, client: { name: 'editor' }, session: aSession() }).entry
  for (const [method, target] of [
    ['tools/call', 'notes__same'],
    ['prompts/get', 'notes__same'],
    ['resources/read', 'note://7'],
  ] as const) {
    const { name, pin } = asked(method, target)
    expect(present(server.name, name, pin)?.entry.pin, target).toBe(pin)
  }
})
