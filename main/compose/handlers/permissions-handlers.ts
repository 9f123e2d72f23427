import { realpathSync, statSync } from 'node:fs'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { type AllowedPath, accessText } from '../../../shared/domain/folder-rights.ts'
import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Roles } from '../../permissions/roles.ts'
import type { Rules } from '../../permissions/rules.ts'
import { type GivenFolder, givenFolders } from '../../supervisor/given-folders.ts'
import { bundledServer } from '../bundled-servers.ts'
import type { Hosting } from '../hosting.ts'
import type { Simulate } from '../simulation.ts'
import { type Note, noted } from './recorded.ts'

const filesystem = 'filesystem' as ServerName

export interface PermissionsHandlerParts {
  readonly rules: Rules
  readonly roles: Roles
  readonly simulate: Simulate
  readonly matrix: GatehouseHandlers['permissions']['matrix']
  readonly hosting: Hosting
  readonly note: Note
}

export function permissionsHandlers(parts: PermissionsHandlerParts): GatehouseHandlers['permissions'] {
  const { rules, roles, simulate, matrix, hosting, note } = parts
  const { servers, administration } = hosting
  const foldersNow = () => servers.get(filesystem)?.allowedPaths ?? []
  return {
    list: () => rules.list(),
    allow: (draft, { description }) =>
      rules.allow(draft, (sentence) => note(description, 'permission.allow', sentence, 'warning')),
    ask: (draft, { description }) => rules.ask(draft, (sentence) => note(description, 'permission.ask', sentence)),
    deny: (draft, { description }) => rules.deny(draft, (sentence) => note(description, 'permission.deny', sentence)),
    revoke: (wanted, { description }) =>
      rules.revoke(wanted, () => note(description, 'permission.revoke', `The rule ${wanted.id} was revoked`)),
    putBack: (wanted, { description }) =>
      rules.putBack(wanted, () =>
        note(description, 'permission.put-back', `The rule ${wanted.id} was put back`, 'warning'),
      ),
    preview: (wanted) => rules.preview(wanted),
    test: (call) => {
      const { reasons, matched, change, ...explained } = rules.test(call)
      return { ...explained, reasons: [...reasons], matched: [...matched], change: [...change] }
    },
    matrix,
    simulate: ({ change, days }, { description }) => simulate(change, days, description),
    presets: () => ({ presets: rules.presets() }),
    setPreset: (wanted, { description }) =>
      rules.setPreset(wanted, (wider) =>
        note(description, 'permission.preset', `The preset ${wanted.preset} was chosen`, wider ? 'warning' : 'notice'),
      ),
    roles: () => ({ roles: roles.list(), defined: roles.defined() }),
    setRole: (wanted, { description }) => {
      const role = roles.set(wanted, (sentence) => note(description, 'permission.role', sentence, 'warning'))
      return role === undefined ? {} : { role }
    },
    defineRole: (draft, { description }) =>
      roles.define(draft, (sentence) => note(description, 'permission.role-define', sentence, 'warning')),
    removeRole: ({ name }, { description }) => ({
      removed: roles.remove(name, (sentence) => note(description, 'permission.role-remove', sentence)),
    }),
    folders: () => ({ folders: [...foldersNow()] }),
    setFolders: async ({ folders }, caller) => {
      const allowedPaths = givenFolders(
        bundledServer('filesystem').origin,
        folders.map(realFolder),
        foldersNow(),
        Date.now() as EpochMs,
      )
      const said = allowedPaths.map(inWords).join(', ') || 'none'
      await noted(
        note,
        [caller.description, 'folders.set', `Folders AI apps may use: ${said}`, 'warning'],
        async () => {
          if (servers.get(filesystem) === undefined)
            await administration.addBundled({ ...bundledServer('filesystem'), allowedPaths })
          else await administration.set(filesystem, { allowedPaths })
        },
      )
    },
  }
}

/** @throws input.invalid naming the folder and what to do */
function realFolder(folder: GivenFolder): GivenFolder {
  if (folder.ended) return folder
  try {
    const real = realpathSync(folder.path)
    if (statSync(real).isDirectory()) return { ...folder, path: real }
  } catch {
    throw inputInvalid(`There is no folder “${folder.path}”. Create it first, or choose another.`)
  }
  throw inputInvalid(`“${folder.path}” is a file. Choose a folder.`)
}

const inWords = ({ path, access, until, ended }: AllowedPath) =>
  `${path} (${accessText(access)}${until === undefined ? '' : ` until ${new Date(until).toISOString()}`}${ended ? ', over' : ''})`
