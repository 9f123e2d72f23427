import { realpathSync, statSync } from 'node:fs'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../../shared/domain/ids.ts'
import type { AllowedPath, ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Rules } from '../../permissions/rules.ts'
import type { Hosting } from '../hosting.ts'
import type { Note } from './recorded.ts'

const filesystem = 'filesystem' as ServerName

export function permissionsHandlers(rules: Rules, hosting: Hosting, note: Note): GatehouseHandlers['permissions'] {
  const { servers, administration } = hosting
  return {
    list: () => rules.list(),
    allow: (draft, caller) => {
      const grant = rules.allow(draft)
      note(caller.description, 'permission.allow', grant.sentence, 'warning')
      return grant
    },
    ask: (draft, caller) => {
      const grant = rules.ask(draft)
      note(caller.description, 'permission.ask', grant.sentence)
      return grant
    },
    deny: (draft, caller) => {
      const grant = rules.deny(draft)
      note(caller.description, 'permission.deny', grant.sentence)
      return grant
    },
    revoke: (wanted, caller) => {
      const answer = rules.revoke(wanted)
      if (answer.revoked) note(caller.description, 'permission.revoke', `The rule ${wanted.id} was revoked`)
      return answer
    },
    test: (call) => rules.test(call),
    folders: () => ({ folders: [...(servers.get(filesystem)?.allowedPaths ?? [])] }),
    setFolders: async ({ folders }, caller) => {
      const allowedPaths = folders.map(realFolder)
      if (servers.get(filesystem) === undefined) await administration.addBundled(bundledFilesystem(allowedPaths))
      else await administration.set(filesystem, { allowedPaths })
      const said = allowedPaths.map(({ path, access }) => `${path} (${access})`).join(', ') || 'none'
      note(caller.description, 'folders.set', `Folders AI apps may use: ${said}`, 'warning')
    },
  }
}

/** @throws input.invalid naming the folder and what to do */
function realFolder({ path, access }: AllowedPath): AllowedPath {
  try {
    const real = realpathSync(path)
    if (statSync(real).isDirectory()) return { path: real, access }
  } catch {
    throw inputInvalid(`There is no folder “${path}”. Create it first, or choose another.`)
  }
  throw inputInvalid(`“${path}” is a file. Choose a folder.`)
}

/** Comes with the app, reads and changes only the folders the person chose, and reaches no network. */
export function bundledFilesystem(allowedPaths: readonly AllowedPath[]): ServerConfig {
  return {
    name: filesystem,
    workspace: defaultWorkspace,
    origin: { kind: 'bundled', bundle: 'filesystem' },
    sandbox: 2,
    allowedPaths,
    allowedHosts: [],
    env: {},
    secretNames: [],
    trusted: false,
    shared: true,
    enabled: true,
    addedAt: Date.now() as EpochMs,
  }
}
