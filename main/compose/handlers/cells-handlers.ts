import type { CellUpdate } from '../../../shared/contract/cells.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { told } from '../../../shared/messages/finding-words.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import type { CellReview } from '../../cells/registrar.ts'
import type { FetchedUpdate } from '../../supervisor/updating.ts'
import { shownCell, shownSteps } from '../cells.ts'
import type { Hosting } from '../hosting.ts'
import { commandsOf } from '../install-scripts.ts'
import { type Note, noted } from './recorded.ts'

export function cellsHandlers(
  { cells, trust, administration, servers, checkUpdates, updating }: Hosting,
  note: Note,
  language: () => Language,
): GatehouseHandlers['cells'] {
  const need = (name: ServerName) => {
    servers.need(name)
    const record = cells.get(name)
    if (record === undefined) throw inputInvalid(`“${name}” is not registered yet. Restart it.`)
    return record
  }
  const shown = (name: ServerName) => shownCell(need(name), language())
  return {
    list: () => ({ cells: cells.list().map((record) => shownCell(record, language())) }),
    show: ({ name }) => ({ cell: shown(name), manifest: need(name).manifest }),
    verify: async ({ name }) => {
      need(name)
      await cells.verify(name)
      return shown(name)
    },
    review: async ({ name }) => {
      need(name)
      return shownReview(await cells.review(name), language())
    },
    reinstate: ({ name, checksum }, { description }) =>
      noted(
        note,
        [description, 'cell.reinstate', `“${name}” was reviewed and is to be used again`, 'warning'],
        async () => {
          need(name)
          await administration.reinstate(name, checksum)
          return shown(name)
        },
      ),
    suspend: ({ name, reason }, { description }) =>
      noted(note, [description, 'cell.suspend', `“${name}” was suspended`, 'warning'], () => {
        need(name)
        cells.suspend(name, reason || 'You suspended it.')
        administration.announce(name)
        return shown(name)
      }),
    revoke: ({ name, reason }, { description }) =>
      noted(note, [description, 'cell.revoke', `“${name}” was revoked for good`, 'warning'], async () => {
        need(name)
        await cells.revoke(name, reason || 'You revoked it.')
        administration.announce(name)
        return shown(name)
      }),
    checkUpdates: ({ name }) => checkUpdates(name),
    fetchUpdate: ({ name }, { description }) =>
      noted(
        note,
        [description, 'cell.fetch-update', `A newer version of “${name}” was fetched to be looked at`],
        async () => {
          need(name)
          return shownUpdate(await updating.fetch(name), language())
        },
      ),
    takeUpdate: ({ name, checksum, acceptFindings }, { description }) =>
      noted(note, [description, 'cell.take-update', `“${name}” was updated`, 'warning'], async () => {
        need(name)
        await updating.take(name, checksum, acceptFindings)
        return { cell: shown(name), quarantined: administration.summary(servers.need(name)).quarantined }
      }),
    trusted: () => ({ keys: [...trust.list()] }),
    trust: ({ name, publicKey }, { description }) =>
      noted(note, [description, 'cell.trust', `The key “${name}” is trusted to sign cells`, 'warning'], () =>
        trust.add(name, publicKey),
      ),
    untrust: ({ name }, { description }) =>
      noted(note, [description, 'cell.untrust', `The key “${name}” is no longer trusted`, 'warning'], async () => {
        const root = trust.remove(name)
        for (const { server, signedBy } of cells.list()) if (signedBy === root.name) await cells.verify(server)
        return root
      }),
  }
}

const shownReview = ({ files, permissions, findings, checksum }: CellReview, language: Language) => ({
  files: { changed: [...files.changed], added: [...files.added], removed: [...files.removed] },
  permissions: { added: [...permissions.added], removed: [...permissions.removed] },
  findings: findings.map((finding) => told(finding, language)),
  checksum,
})

const shownUpdate = (update: FetchedUpdate, language: Language): CellUpdate => ({
  ...shownReview(update, language),
  installed: update.installed,
  latest: update.latest,
  report: shownSteps(update.report, language),
  packages: {
    added: [...update.packages.added],
    changed: [...update.packages.changed],
    removed: [...update.packages.removed],
  },
  scripts: commandsOf(update.scripts),
})
