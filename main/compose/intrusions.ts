import type { Reply } from '../../shared/domain/call.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import type { Received } from '../kernel/exchange.ts'
import { blockedMs, type Detected, type IntrusionKind, IntrusionWatch } from '../limits/intrusions.ts'
import type { Areas } from './areas.ts'
import type { Foundation } from './foundation.ts'
import type { Hosting } from './hosting.ts'

const words: Readonly<Record<IntrusionKind, string>> = {
  enumeration: 'tries many names that do not exist',
  traversal: 'asks for paths that climb out of their folder',
  injection: 'sends text that would break out of its place',
  replay: 'shows states of calls that are over, or not its own',
  'token-guessing': 'shows keys that are none',
}

/** What is suspected is put on record; what is sure enough blocks for five minutes and is an incident of Gatehouse's own. */
export function watchIntrusions(base: Foundation, { incidents }: Hosting, { clients, limits }: Areas): IntrusionWatch {
  const nameOf = (client: Detected['client']) =>
    clients.list().find(({ id }) => id === client)?.name ?? (client ? 'A caller of Gatehouse’s own' : 'Someone')
  return new IntrusionWatch({
    onDetected: ({ kind, client, severity, count }) => {
      const name = nameOf(client)
      const blocked = severity === 'high' ? `; it is kept out for ${blockedMs / 60_000} minutes` : ''
      const summary = `${name} ${words[kind]} (${count} times within a minute)${blocked}`
      const action = severity === 'high' ? 'intrusion.blocked' : 'intrusion.suspected'
      base.audit.append({
        action,
        severity: severity === 'high' ? 'critical' : 'notice',
        summary,
        ...(client ? { client: name } : {}),
      })
      if (severity !== 'high') return
      if (client) limits.block(client, blockedMs)
      incidents.symptom('gatehouse' as ServerName, 'intrusion', summary)
      base.notice('problem', summary)
    },
  })
}

/** The same handler, whose refusals are looked at. */
export function watched(
  handle: (received: Received) => Promise<Reply>,
  watch: () => Pick<IntrusionWatch, 'refused'>,
): (received: Received) => Promise<Reply> {
  return async (received) => {
    try {
      return await handle(received)
    } catch (error) {
      if (error instanceof GatehouseError) watch().refused(received.credential.clientId, error.code, received.target)
      throw error
    }
  }
}
