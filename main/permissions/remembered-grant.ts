import type { EntryName, EpochMs } from '../../shared/domain/ids.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import type { GrantBounds, NewGrant } from './grant.ts'

/** An answer that reaches further than one call, and all of what it was given for. */
export interface RememberedAnswer extends Required<GrantBounds> {
  readonly scope: Exclude<AllowScope, 'once'>
  readonly until?: EpochMs
  readonly entry: EntryName
  /** Who answered. */
  readonly by: string
  /** Real path of the folder, for scope `folder`. */
  readonly folder?: string
  readonly host?: string
  /** By JSON pointer, for scope `values`. */
  readonly values?: Readonly<Record<string, string>>
}

/** Bound to the session or the arguments only where the answer was given for these. */
export function rememberedGrant(client: string, answer: RememberedAnswer): NewGrant {
  const { clientId, server, workspace, entry, pin, cell, sessionId, binding, scope, until, by, folder, host } = answer
  if (scope === 'values' && Object.keys(answer.values ?? {}).length === 0) throw new Error('no values were offered')
  return {
    effect: 'allow',
    scope: scope === 'values' ? 'tool' : scope,
    client,
    tool: entry,
    ...(scope === 'folder' ? { path: folder ?? '' } : {}),
    ...(scope === 'host' ? { conditions: { hosts: [host ?? ''] } } : {}),
    ...(scope === 'values' ? { conditions: { arguments: answer.values ?? {} } } : {}),
    bound: {
      clientId,
      server,
      workspace,
      pin,
      cell,
      ...(scope === 'session' ? { sessionId } : {}),
      ...(scope === 'arguments' ? { binding } : {}),
    },
    ...(until === undefined ? {} : { expiresAt: until }),
    origin: by,
  }
}
