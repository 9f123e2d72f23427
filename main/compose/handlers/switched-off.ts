import type { ServerDraft } from '../../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { givenFolders } from '../../supervisor/given-folders.ts'
import { originOf } from '../../supervisor/origin.ts'

/**
 * A checked draft as it is kept while the person has yet to install its program: nothing runs until it is switched on.
 *
 * @throws input.invalid for a package, which is installed when it is added
 */
export function switchedOff(draft: ServerDraft): ServerConfig {
  const origin = originOf(draft.command, draft.args)
  if (origin.kind === 'package')
    throw inputInvalid('A package is installed when it is added, so it cannot be added switched off.')
  return {
    name: draft.name,
    workspace: draft.workspace ?? defaultWorkspace,
    origin,
    sandbox: draft.sandbox ?? 2,
    allowedPaths: givenFolders(origin, draft.allowedPaths ?? [], [], Date.now() as EpochMs),
    allowedHosts: draft.allowedHosts ?? [],
    env: draft.env ?? {},
    secretNames: draft.secretNames ?? [],
    trusted: draft.trusted ?? false,
    shared: draft.shared ?? false,
    enabled: false,
    addedAt: Date.now() as EpochMs,
  }
}
