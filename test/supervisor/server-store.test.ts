import { describe, expect, it } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

const name = 'notes' as ServerName
const notes: ServerConfig = { ...ownServer, name, trusted: false }
const seal = rowSeal(Buffer.alloc(32, 1))

describe('the servers kept', () => {
  it('survive a restart as they were, with what they spoke', () => {
    const db = openDatabase(':memory:')
    const store = new ServerStore(db, seal)
    store.add(notes)
    store.disable(name, 'It stopped too often.')
    store.rememberEra(name, 'modern')
    const again = new ServerStore(db, seal)
    expect(again.get(name)).toEqual({ ...notes, enabled: false, disabledReason: 'It stopped too often.' })
    expect(again.era(name)).toBe('modern')
    expect(again.enable(name)).toEqual(notes)
  })

  it('are off, stay off and are reported when someone edited them without the key', () => {
    const db = openDatabase(':memory:')
    new ServerStore(db, seal).add(notes)
    db.exec(`UPDATE server SET config = replace(config, '"trusted":false', '"trusted":true')`)
    const store = new ServerStore(db, seal)
    expect(store.broken()).toEqual([name])
    expect(store.get(name)).toMatchObject({ enabled: false, trusted: false })
    expect(() => store.enable(name)).toThrow('server.disabled')
    expect(() => store.set(name, { trusted: true })).toThrow('server.disabled')
    store.remove(name)
    expect(new ServerStore(db, seal).list()).toEqual([])
  })

  it('forget after a week that a server spoke an old revision', () => {
    let now = 0
    const store = new ServerStore(openDatabase(':memory:'), seal, () => now)
    store.add(notes)
    store.rememberEra(name, 'legacy')
    expect(store.era(name)).toBe('legacy')
    now += 8 * 24 * 3_600_000
    expect(store.era(name)).toBeUndefined()
    store.rememberEra(name, 'modern only')
    now += 8 * 24 * 3_600_000
    expect(store.era(name)).toBe('modern')
  })
})
