import { describe, expect, it } from 'vitest'
import { contextPermission } from '../../main/cells/write-manifest.ts'
import { contextForServers } from '../../main/compose/context-for-servers.ts'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import type { Equipped } from '../../main/kernel/exchange.ts'
import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { SessionContext } from '../../shared/domain/session-context.ts'
import { aCall, aServer, aSession } from '../permissions/a-call.ts'

const asking = {
  security: { permissions: [contextPermission] },
} as unknown as CellManifest

describe('what a session is about, for a server that may know', () => {
  const filters = defaultFilters({
    knownValues: () => ['a-secret-of-the-keychain'],
    paths: new Paths(thisPlatform('/home/ada')),
  })
  const told = (goal: string) => {
    const context: SessionContext = {
      session: aSession().id,
      goals: [goal],
      tags: [],
      turn: 0,
      history: [],
      labels: [],
      setBy: 'ada',
      updatedAt: 0 as EpochMs,
    }
    const contextOf = contextForServers(
      async () => context,
      () => asking,
      () => filters,
    )
    return contextOf(aCall({ server: aServer({ context: true }) }) as unknown as Equipped)
  }

  it('goes as it is when that server’s filters find nothing', async () => {
    expect(await told('Choose a wine')).toMatchObject({ goals: ['Choose a wine'] })
  })

  it('goes without what they remove for that server, and not at all when they block something', async () => {
    filters.contents.rules.set({ server: 'notes', filter: 'email-address', direction: 'call' }, 'redact')
    expect(await told('Write to ada@lovelace.org')).toMatchObject({
      goals: ['Write to [email-address removed by Gatehouse]'],
    })
    filters.contents.rules.set({ server: 'notes', filter: 'email-address', direction: 'call' }, 'block')
    expect(await told('Write to ada@lovelace.org')).toBeUndefined()
    expect(await told('Use a-secret-of-the-keychain')).toBeUndefined()
  })
})
