import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { serverExists } from '../../../shared/errors.ts'
import { told } from '../../../shared/messages/finding-words.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import { serverInFolder } from '../../supervisor/server-in-folder.ts'
import type { Workspaces } from '../../workspaces/workspaces.ts'
import { bundledServer } from '../bundled-servers.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'
import { switchedOff } from './switched-off.ts'

export function serversHandlers(
  { administration, catalog, cells, supervisor, servers, signIns }: Hosting,
  note: Note,
  language: () => Language,
  workspaces: Workspaces,
): GatehouseHandlers['servers'] {
  return {
    list: () => ({ servers: administration.list() }),
    inspect: ({ name }) => administration.inspect(name),
    plan: (draft) => administration.plan(draft),
    inFolder: ({ folder }) => {
      const found = serverInFolder(folder)
      return found ? { found: { command: found.command, args: [...found.args] } } : {}
    },
    add: async (draft, caller) => {
      if (draft.workspace !== undefined) workspaces.need(draft.workspace)
      const { command } = await administration.plan(draft)
      return noted(note, [caller.description, 'server.add', `Server “${draft.name}” was added: ${command}`], () =>
        administration.add(draft),
      )
    },
    addBundled: async ({ bundle, name, workspace }, { description }) => {
      if (workspace !== undefined) workspaces.need(workspace)
      const server = bundledServer(bundle, { ...(name ? { name } : {}), ...(workspace ? { workspace } : {}) })
      if (servers.get(server.name) !== undefined) throw serverExists(server.name)
      const what = `Gatehouse’s own ${bundle} server was added as “${server.name}”`
      await noted(note, [description, 'server.add', what], () => administration.addBundled(server))
      return administration.inspect(server.name)
    },
    addOff: async (draft, { description }) => {
      if (draft.workspace !== undefined) workspaces.need(draft.workspace)
      const { command } = await administration.plan(draft)
      const server = switchedOff(draft)
      const what = `Server “${draft.name}” was added switched off: ${command}`
      await noted(note, [description, 'server.add', what], () => servers.add(server))
      administration.announce(draft.name)
      return administration.inspect(draft.name)
    },
    set: ({ name, ...change }, { description }) => {
      const what = `Server “${name}” was changed: ${Object.keys(change).join(', ')}`
      return noted(note, [description, 'server.set', what], () => administration.set(name, change))
    },
    remove: ({ name }, { description }) =>
      noted(note, [description, 'server.remove', `Server “${name}” was removed`], async () => {
        await signIns.end(servers.need(name)).catch(() => undefined) // its secrets go with it in any case
        await administration.remove(name)
      }),
    enable: ({ name }, { description }) =>
      noted(note, [description, 'server.enable', `Server “${name}” was switched on`], async () => {
        await administration.enable(name)
        if (catalog.entries(name).length === 0) await administration.restart(name)
      }),
    disable: ({ name }, { description }) =>
      noted(note, [description, 'server.disable', `Server “${name}” was switched off`], () =>
        administration.disable(name),
      ),
    restart: ({ name }, { description }) =>
      noted(note, [description, 'server.restart', `Server “${name}” was restarted`, 'info'], async () => {
        await administration.endRunning(name)
      }),
    logs: ({ name, lines }) => ({ lines: supervisor.logs(name, lines) }),
    review: ({ name }) => {
      servers.need(name)
      return {
        changes: catalog.review(name).map(({ findings, ...change }) => ({
          ...change,
          ...(findings ? { findings: findings.map((finding) => told(finding, language())) } : {}),
        })),
      }
    },
    accept: ({ name, pins }, caller) => {
      servers.need(name)
      note(caller.description, 'server.accept', `${pins.length} entries of “${name}” were accepted as they are now`)
      const accepted = catalog.accept(name, pins)
      cells.rewrite(name)
      administration.announce(name)
      return { accepted }
    },
  }
}
