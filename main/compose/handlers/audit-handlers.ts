import { savedFiltersKept } from '../../../shared/contract/audit.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Foundation } from '../foundation.ts'
import { type Note, noted } from './recorded.ts'

export function auditHandlers({ audit, settings, events }: Foundation, note: Note): GatehouseHandlers['audit'] {
  const running = new Map<string, AbortController>()
  return {
    list: (filter) => audit.list(filter),
    facets: (filter) => audit.facets(filter),
    ofCall: (wanted) => {
      const seq = audit.ofCall(wanted)
      return seq === undefined ? {} : { seq }
    },
    savedFilters: () => ({ filters: settings.current.auditFilters }),
    saveFilter: (filter) => {
      const others = settings.current.auditFilters.filter(({ name }) => name !== filter.name)
      if (others.length >= savedFiltersKept) throw inputInvalid('There are 50 saved filters. Forget one first.')
      const filters = [...others, filter].sort((a, b) => a.name.localeCompare(b.name))
      settings.change({ auditFilters: filters })
    },
    forgetFilter: ({ name }) =>
      settings.change({ auditFilters: settings.current.auditFilters.filter((one) => one.name !== name) }),
    show: ({ seq }, caller) => audit.show(seq, caller.description),
    verify: async ({ watch, ...window }, caller) => {
      if (watch === undefined) return audit.verify(window)
      const stop = new AbortController()
      const signal = caller.signal ? AbortSignal.any([caller.signal, stop.signal]) : stop.signal
      running.set(watch, stop)
      try {
        return await audit.verify(window, {
          signal,
          onPercent: (percent) => events.emit('audit.verifying', { watch, percent }),
        })
      } finally {
        running.delete(watch)
      }
    },
    stopVerifying: ({ watch }) => running.get(watch)?.abort(),
    publicKey: () => audit.publicKey(),
    retention: () => {
      const oldestContents = audit.oldestContents() as EpochMs | undefined
      const { auditDays: days, auditPiiDays: piiDays } = settings.current
      return { days, piiDays, ...(oldestContents === undefined ? {} : { oldestContents }) }
    },
    setRetention: async ({ days, piiDays }, { description }) => {
      const what = `Contents of the audit log are kept ${days} days, ${piiDays} with personal data`
      return noted(note, [description, 'audit.retention', what, 'warning'], async () => {
        settings.change({ auditDays: days, auditPiiDays: piiDays })
        return { erased: await audit.eraseOld({ days, piiDays }) }
      })
    },
    export: async ({ format, from }, caller) => {
      if (from === undefined) note(caller.description, 'audit.export', `The audit log was exported as ${format}`)
      return audit.exportPiece(format, from)
    },
  }
}
