import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { told } from '../../../shared/messages/finding-words.ts'
import type { Language } from '../../../shared/messages/messages.ts'
import { shownCell } from '../cells.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function cellsHandlers(
  { cells, trust, administration, servers, checkUpdates }: Hosting,
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
      const { files, permissions, findings, checksum } = await cells.review(name)
      return {
        files: { changed: [...files.changed], added: [...files.added], removed: [...files.removed] },
        permissions: { added: [...permissions.added], removed: [...permissions.removed] },
        findings: findings.map((finding) => told(finding, language())),
        checksum,
      }
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
