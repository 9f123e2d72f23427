import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import type { ruleMatrix } from '../../shared/contract/rules.ts'
import type { Rules } from '../permissions/rules.ts'
import type { Areas } from './areas.ts'
import type { Hosting } from './hosting.ts'

/** Decisions made before other work gets a turn: about two milliseconds. */
const decisionsATurn = 50

/** What the rules say of every tool for every paired app, each judged as a call without arguments would be. */
export async function buildMatrix(
  rules: Rules,
  { clients }: Pick<Areas, 'clients'>,
  { catalog }: Pick<Hosting, 'catalog'>,
): Promise<z.input<typeof ruleMatrix>> {
  const names = clients
    .list()
    .filter(({ state }) => state !== 'revoked')
    .map(({ name }) => name)
  const servers = new Map<string, z.input<typeof ruleMatrix>['servers'][number]>()
  let decided = 0
  for (const { kind, name, server, title } of catalog.entries()) {
    if (kind !== 'tool') continue
    const effects = names.map((client) => rules.effectOf(client, name) ?? ('hidden' as const))
    const row = servers.get(server) ?? { name: server, tools: [] }
    servers.set(server, row)
    row.tools.push({ name, title, effects })
    decided += names.length
    if (decided < decisionsATurn) continue
    decided = 0
    await turn()
  }
  return { clients: names, servers: [...servers.values()] }
}
