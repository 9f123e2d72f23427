import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Memory } from '../../memory/memory.ts'
import type { Areas } from '../areas.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function workspacesHandlers(
  { workspaces }: Areas,
  { servers, administration }: Hosting,
  memory: Memory,
  note: Note,
): GatehouseHandlers['workspaces'] {
  const shown = (one: ReturnType<typeof workspaces.list>[number]) => ({
    ...one,
    servers: [...one.servers],
    clients: [...one.clients],
  })
  return {
    list: () => ({ workspaces: workspaces.list().map(shown) }),
    add: ({ name }, { description }) =>
      noted(note, [description, 'workspace.add', `The workspace “${name}” was added`, 'warning'], () =>
        shown(workspaces.add(name)),
      ),
    remove: ({ name }, { description }) =>
      noted(note, [description, 'workspace.remove', `The workspace “${name}” was removed`], async () => {
        workspaces.remove(name)
        await memory.remove(name)
      }),
    moveServer: async ({ server, workspace }, { description }) => {
      const { name } = servers.need(server)
      workspaces.need(workspace)
      const said = `The server “${name}” was moved to the workspace “${workspace}”`
      await noted(note, [description, 'workspace.move', said, 'warning'], () => administration.set(name, { workspace }))
    },
  }
}
