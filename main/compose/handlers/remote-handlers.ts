import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Credentials } from '../../credentials/credentials.ts'
import { remoteConfigOf, remotePlanOf } from '../../supervisor/remote/remote-plan.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function remoteHandlers(
  { administration }: Hosting,
  credentials: Credentials,
  note: Note,
): GatehouseHandlers['remote'] {
  return {
    plan: (draft) => remotePlanOf(draft),
    add: ({ acceptPins, secrets, ...draft }, { description }) => {
      const server = remoteConfigOf(draft, Date.now() as EpochMs)
      const stray = Object.keys(secrets).find((name) => !server.secretNames.includes(name))
      if (stray !== undefined) throw inputInvalid(`No header names the secret ${stray}.`)
      const keep = async () => {
        for (const [name, value] of Object.entries(secrets)) await credentials.set(draft.name, name, value)
      }
      return noted(note, [description, 'server.add', `Remote server “${draft.name}” was added: ${draft.url}`], () =>
        administration.addRemote(server, acceptPins, keep),
      )
    },
  }
}
