import { realpathSync, statSync } from 'node:fs'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { type AllowedPath, accessText, usualOperationsPerSecond } from '../../../shared/domain/folder-rights.ts'
import { defaultWorkspace, type EpochMs, type WorkspaceName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Roles } from '../../permissions/roles.ts'
import type { Rules } from '../../permissions/rules.ts'
import { type GivenFolder, givenFolders } from '../../supervisor/given-folders.ts'
import type { Workspaces } from '../../workspaces/workspaces.ts'
import { bundledIn, bundledServer, freeName } from '../bundled-servers.ts'
import type { Hosting } from '../hosting.ts'
import type { Simulate } from '../simulation.ts'
import { type Note, noted } from './recorded.ts'

export interface PermissionsHandlerParts {
  readonly rules: Rules
  readonly roles: Roles
  readonly simulate: Simulate
  readonly matrix: GatehouseHandlers['permissions']['matrix']
  readonly hosting: Hosting
  readonly workspaces: Pick<Workspaces, 'need'>
  readonly note: Note
}

export function permissionsHandlers(parts: PermissionsHandlerParts): GatehouseHandlers['permissions'] {
  const { rules, roles, simulate, matrix, hosting, workspaces, note } = parts
  const { servers, administration } = hosting
  const filesOf = (workspace: WorkspaceName) => bundledIn(servers.list(), 'filesystem', workspaces.need(workspace))
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
    folders: ({ workspace = defaultWorkspace }) => {
      const { allowedPaths = [], running } = filesOf(workspace) ?? {}
      const rate = running?.operationsPerSecond
      return { folders: [...allowedPaths], ...(rate === undefined ? {} : { operationsPerSecond: rate }) }
    },
    setFolders: async ({ workspace = defaultWorkspace, folders, operationsPerSecond: rate }, caller) => {
      const present = filesOf(workspace)
      const allowedPaths = givenFolders(
        bundledServer('filesystem').origin,
        folders.map(realFolder),
        present?.allowedPaths ?? [],
        Date.now() as EpochMs,
      )
      const said = `${allowedPaths.map(inWords).join(', ') || 'none'}${rateInWords(rate)}`
      await noted(
        note,
        [caller.description, 'folders.set', `Folders AI apps${whose(workspace)} may use: ${said}`, 'warning'],
        async () => {
          const running = rate === undefined ? {} : { running: { operationsPerSecond: rate } }
          if (present) await administration.set(present.name, { allowedPaths, ...running })
          else if (allowedPaths.length > 0 || rate) {
            const name = freeName(servers.list(), 'filesystem', workspace)
            const added = { ...bundledServer('filesystem', { name, workspace }), allowedPaths }
            await administration.addBundled({ ...added, ...(rate ? { running: { operationsPerSecond: rate } } : {}) })
          }
        },
      )
    },
  }
}

const whose = (workspace: WorkspaceName) => (workspace === defaultWorkspace ? '' : ` of the workspace “${workspace}”`)

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

const rateInWords = (perSecond: number | null | undefined) =>
  perSecond === undefined ? '' : `; ${perSecond ?? usualOperationsPerSecond} file operations a second`
