import type { z } from 'zod'
import type { catalogView, catalog as routes } from '../../../shared/contract/catalog.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { CatalogView } from '../../../shared/domain/catalog-view.ts'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { ShownView } from '../../catalog/views.ts'
import type { Areas } from '../areas.ts'
import type { Foundation } from '../foundation.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

type Change = z.output<(typeof routes.setView)['input']>
type ViewShape = z.input<typeof catalogView>

export function catalogHandlers(
  { catalog, servers }: Hosting,
  { clients, workspaces }: Areas,
  { events }: Foundation,
  note: Note,
): GatehouseHandlers['catalog'] {
  const needHolder = ({ holder, name }: Change) => {
    if (holder === 'client' && clients.named(name) === undefined)
      throw inputInvalid(`There is no client called “${name}”.`)
    if (holder === 'workspace') workspaces.need(name as WorkspaceName)
  }
  return {
    views: () => ({ views: catalog.views.list().map(shown) }),
    setView: async (change, { description }) => {
      needHolder(change)
      for (const name of change.servers ?? []) servers.need(name)
      const view = changed(catalog.views.of(change.holder, change.name), change)
      const made = await noted(note, [description, 'view.set', sentenceOf(change, view), 'warning'], () =>
        shown(catalog.setView(change.holder, change.name, view)),
      )
      events.emit('catalog.viewChanged', made as never)
      return made
    },
  }
}

/** A broken view shows nothing; setting it again begins from there. */
function changed(before: CatalogView, change: Change): CatalogView {
  const servers = change.servers === undefined ? before.servers : change.servers
  const mode = change.mode === undefined ? before.mode : change.mode
  return {
    hidden: [...new Set(change.hidden ?? before.hidden)],
    ...(servers ? { servers: [...new Set(servers)].sort() } : {}),
    ...(mode ? { mode } : {}),
  }
}

function sentenceOf({ holder, name }: Change, { servers, hidden, mode }: CatalogView): string {
  const seen = servers === undefined ? 'every server' : servers.length === 0 ? 'no server' : servers.join(', ')
  const without = hidden.length === 0 ? '' : ` but not ${hidden.join(', ')}`
  return `The ${holder} “${name}” sees ${seen}${without}${mode ? `, tools by ${mode}` : ''}`
}

const shown = ({ servers, hidden, mode, ...rest }: ShownView): ViewShape => ({
  ...rest,
  hidden: [...hidden],
  ...(servers === undefined ? {} : { servers: [...servers] }),
  ...(mode === undefined ? {} : { mode }),
})
