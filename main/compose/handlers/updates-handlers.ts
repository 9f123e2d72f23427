import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Updates } from '../../updates/updates.ts'
import { type Note, noted } from './recorded.ts'

/** @param folder where this Gatehouse runs from */
export function updatesHandlers(updates: Updates, folder: string, note: Note): GatehouseHandlers['updates'] {
  return {
    state: () => ({ ...updates.state(), folder }),
    check: (_, { description }) =>
      noted(note, [description, 'app.update-check', 'A newer Gatehouse was looked for'], async () => ({
        ...(await updates.check()),
        folder,
      })),
  }
}
