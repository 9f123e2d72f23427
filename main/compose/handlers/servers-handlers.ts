import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Hosting } from '../hosting.ts'
import type { Note } from './recorded.ts'
import { switchedOff } from './switched-off.ts'

export function serversHandlers(
  { administration, catalog, supervisor, servers }: Hosting,
  note: Note,
): GatehouseHandlers['servers'] {
  return {
    list: () => ({ servers: administration.list() }),
    inspect: ({ name }) => administration.inspect(name),
    plan: (draft) => administration.plan(draft),
    add: async (draft, caller) => {
      const { command } = await administration.plan(draft)
      const detail = await administration.add(draft)
      note(caller.description, 'server.add', `Server “${draft.name}” was added: ${command}`)
      return detail
    },
    addOff: async (draft, caller) => {
      const { command } = await administration.plan(draft)
      servers.add(switchedOff(draft))
      note(caller.description, 'server.add', `Server “${draft.name}” was added switched off: ${command}`)
      administration.announce(draft.name)
      return administration.inspect(draft.name)
    },
    set: async ({ name, ...change }, caller) => {
      const detail = await administration.set(name, change)
      note(caller.description, 'server.set', `Server “${name}” was changed: ${Object.keys(change).join(', ')}`)
      return detail
    },
    remove: async ({ name }, caller) => {
      await administration.remove(name)
      note(caller.description, 'server.remove', `Server “${name}” was removed`)
    },
    enable: async ({ name }, caller) => {
      await administration.enable(name)
      if (catalog.entries(name).length === 0) await administration.restart(name)
      note(caller.description, 'server.enable', `Server “${name}” was switched on`)
    },
    disable: async ({ name }, caller) => {
      await administration.disable(name)
      note(caller.description, 'server.disable', `Server “${name}” was switched off`)
    },
    restart: async ({ name }, caller) => {
      await supervisor.restart(name)
      note(caller.description, 'server.restart', `Server “${name}” was restarted`, 'info')
    },
    logs: ({ name, lines }) => ({ lines: supervisor.logs(name, lines) }),
    review: ({ name }) => {
      servers.need(name)
      return { changes: catalog.review(name) }
    },
    accept: ({ name, pins }, caller) => {
      servers.need(name)
      const accepted = catalog.accept(name, pins)
      note(caller.description, 'server.accept', `${accepted} entries of “${name}” were accepted as they are now`)
      administration.announce(name)
      return { accepted }
    },
  }
}
