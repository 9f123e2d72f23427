import { randomBytes } from 'node:crypto'
import { GrantStore } from '../../main/permissions/grant-store.ts'
import { Permissions, type PermissionsParts } from '../../main/permissions/permissions.ts'
import { Rules } from '../../main/permissions/rules.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { EntryName, EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { Language } from '../../shared/messages/messages.ts'
import { aCall, aServer, editor } from './a-call.ts'

export const folders = {
  real: (folder: string) => folder,
  contains: (folder: string, real: string) => real === folder || real.startsWith(`${folder}/`),
}

/** Real permissions on a real database in memory, with a clock to set and a restart to make. */
export function somePermissions(parts: Partial<PermissionsParts> = {}, language: Language = 'en') {
  const db = openDatabase(':memory:')
  const seal = rowSeal(randomBytes(32))
  const clock = { at: Date.parse('2026-11-20T10:00:00Z') as EpochMs }
  const reports: string[] = []
  const start = () =>
    new Permissions({
      store: new GrantStore(db, seal),
      folders,
      now: () => clock.at,
      onReport: (problem) => reports.push(problem),
      ...parts,
    })
  const permissions = start()
  const known = {
    clients: ['Editor', 'Cursor', 'cli', 'window'],
    entries: ['do_it', 'read_it', 'write_it'].map((ownName) => ({
      name: `notes__${ownName}` as EntryName,
      ownName,
      server: 'notes' as ServerName,
    })),
    workspaces: ['personal'],
    folders: ['/home/ada'],
  }
  const rules = new Rules({
    permissions,
    folders,
    now: () => clock.at,
    known: () => known,
    language: () => language,
    factsOf: (client, tool, args) =>
      aCall({
        client: { ...editor, name: client },
        server: aServer(),
        tool: tool.replace('notes__', ''),
        arguments: args,
      }),
  })
  return { db, clock, reports, start, permissions, rules }
}
