import { describe, expect, it } from 'vitest'
import { ownServer } from '../../main/catalog/own-entries.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { IncidentStore } from '../../main/supervisor/incidents/incident-store.ts'
import { noteGoodPackage, workshop } from '../../main/supervisor/incidents/workshop.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

const name = 'notes' as ServerName
const installed = (version: string, integrity = `sha512-${version}`) => ({
  version,
  entry: 'node_modules/n/i.js',
  integrity,
})
const packaged = (spec: string, version: string): ServerConfig => ({
  ...ownServer,
  name,
  origin: { kind: 'package', runner: 'npx', spec, args: [], installed: installed(version) },
})

/** Version 1.2.0 ran well; what the registry serves is up to the test. */
function aWorkshop(now: ServerConfig, integrity?: string) {
  const db = openDatabase(':memory:')
  const servers = new ServerStore(db, rowSeal(Buffer.alloc(32, 1)))
  const incidents = new IncidentStore(db)
  noteGoodPackage(incidents, packaged('@scope/notes@^1', '1.2.0'))
  servers.add(now)
  const asked: string[] = []
  const bench = workshop({
    servers,
    incidents,
    packages: {
      install: async ({ spec }: { spec: string }) => {
        asked.push(spec)
        return installed('1.2.0', integrity)
      },
    } as never,
    hosted: () => ({ stopAll: async () => {}, start: async () => 'live', isRunning: () => true }) as never,
    health: { isWell: async () => true },
    lease: async () => ({}),
    onChange: () => {},
  })
  return { bench, asked, servers }
}

describe('the last good version of a package', () => {
  it('is installed again under the command the person agreed to, and tried', async () => {
    const { bench, asked, servers } = aWorkshop(packaged('@scope/notes@^1', '1.3.0'))
    expect(await (await bench.lastGood(name))?.isWell()).toBe(true)
    expect(asked).toEqual(['@scope/notes@1.2.0'])
    expect(servers.need(name).origin).toMatchObject({ spec: '@scope/notes@^1', installed: { version: '1.2.0' } })
  })

  it('is not taken when the registry serves something else under its number', async () => {
    const { bench, servers } = aWorkshop(packaged('@scope/notes@^1', '1.3.0'), 'sha512-other')
    await expect(bench.lastGood(name)).rejects.toMatchObject({ code: 'server.failed' })
    expect(servers.need(name).origin).toMatchObject({ installed: { version: '1.3.0' } })
  })

  it('of another command than the present one is not the person’s choice', async () => {
    const { bench, asked } = aWorkshop(packaged('@scope/notes@^2', '2.0.0'))
    expect(await bench.lastGood(name)).toBeUndefined()
    expect(asked).toEqual([])
  })
})
