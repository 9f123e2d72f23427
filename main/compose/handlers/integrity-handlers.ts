import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs, GrantId, ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Grant } from '../../permissions/grant.ts'
import { GrantStore } from '../../permissions/grant-store.ts'
import { HeldGrants } from '../../permissions/held-grants.ts'
import type { Permissions } from '../../permissions/permissions.ts'
import { grantSentence } from '../../permissions/sentences.ts'
import type { Database } from '../../store/database.ts'
import type { RowSeal } from '../../store/row-seal.ts'
import { ServerStore } from '../../supervisor/server-store.ts'
import type { Foundation } from '../foundation.ts'
import { findingSentence } from '../integrity.ts'
import { type Note, noted } from './recorded.ts'
import type { ShellFacts } from './system-handlers.ts'

export function integrityHandlers(
  base: Foundation,
  permissions: Permissions,
  shell: ShellFacts,
  note: Note,
): GatehouseHandlers['integrity'] {
  const { tables, narrowing, store, seal, forged } = base
  const held = new HeldGrants(store.db, seal)
  return {
    state: () => ({
      sound: tables.isSound(),
      findings: tables.faults.map((fault) => ({ table: fault.table, sentence: findingSentence(fault) })),
      forged: forged.list(),
      held: held.list().map(({ grant, heldAt }) => ({ id: grant.id, sentence: grantSentence(grant), heldAt })),
    }),
    accept: async (_, { description }) => {
      if (tables.isSound()) throw inputInvalid('The database is as Gatehouse left it; there is nothing to accept.')
      const what = 'What is left of the database was taken for right, with what it allowed held for review'
      return noted(note, [description, 'integrity.accept', what, 'warning'], () => {
        const accepted = distrusted(store.db, seal)
        if (tables.isMigrated) narrowing.dropEdited()
        tables.adoptAtStop()
        shell.stop()
        return accepted
      })
    },
    release: async ({ id }, { description }) => {
      const grant = needed(held, id)
      const sentence = grantSentence(grant)
      return noted(note, [description, 'permission.allow', sentence, 'warning'], () => {
        permissions.add(draftOf(grant))
        held.take(id)
        return { sentence }
      })
    },
    drop: ({ id }, { description }) => {
      const grant = needed(held, id)
      note(description, 'permission.revoke', `Dropped: ${grantSentence(grant)}`)
      return { dropped: held.take(id) !== undefined }
    },
  }
}

const uncertain = 'The database was changed outside Gatehouse. Look at its settings, then switch it on.'

/** Of a database whose state nobody can vouch for: nothing allows, no server starts, until the person says it again. */
export function distrusted(db: Database, seal: RowSeal, why = uncertain): { held: number; switchedOff: ServerName[] } {
  const held = new HeldGrants(db, seal).holdAll(new GrantStore(db, seal), Date.now() as EpochMs)
  const servers = new ServerStore(db, seal)
  const running = servers.list().filter(({ name, enabled }) => enabled && !servers.broken().includes(name))
  for (const { name } of running) servers.disable(name, why)
  return { held, switchedOff: running.map(({ name }) => name) }
}

function needed(held: HeldGrants, id: GrantId): Grant {
  const found = held.list().find(({ grant }) => grant.id === id)
  if (!found) throw inputInvalid(`Nothing called ${id} is held for review.`)
  return found.grant
}

const draftOf = ({ id: _id, seq: _seq, createdAt: _at, ...draft }: Grant) => draft
