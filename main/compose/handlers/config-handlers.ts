import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { GatehouseError } from '../../../shared/errors.ts'
import { sentence } from '../../../shared/messages/messages.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { readConfig } from '../../config/config.ts'
import type { Foundation } from '../foundation.ts'
import { type Note, noted } from './recorded.ts'

export function configHandlers(
  { config, paths, settings }: Foundation,
  catalog: Pick<Catalog, 'searchersChanged'>,
  note: Note,
): GatehouseHandlers['config'] {
  return {
    list: () => ({ settings: config.list(), file: paths.config }),
    set: ({ path, value }, { description }) =>
      noted(
        note,
        [
          description,
          'config.set',
          value === null ? `${path} was put back` : `${path} was set to ${value}`,
          value === null ? 'notice' : 'warning',
        ],
        () => {
          const before = config.rollout.toolSearchPercent
          const set = config.set(path, value)
          if (config.rollout.toolSearchPercent !== before) catalog.searchersChanged()
          return set
        },
      ),
    check: () => {
      try {
        return { problems: [], notices: readConfig(paths.config, process.env).notices }
      } catch (error) {
        if (!(error instanceof GatehouseError)) throw error
        return { problems: [sentence(error, 'person', settings.current.language)], notices: [] }
      }
    },
  }
}
