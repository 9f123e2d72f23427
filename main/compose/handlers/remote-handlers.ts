import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { EpochMs, ServerName } from '../../../shared/domain/ids.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Credentials } from '../../credentials/credentials.ts'
import { changedRemote, changePlanOf } from '../../supervisor/remote/remote-change.ts'
import { remoteConfigOf, remotePlanOf } from '../../supervisor/remote/remote-plan.ts'
import type { Workspaces } from '../../workspaces/workspaces.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

export function remoteHandlers(
  { administration, servers }: Hosting,
  credentials: Credentials,
  workspaces: Pick<Workspaces, 'need'>,
  note: Note,
): GatehouseHandlers['remote'] {
  const keeping = (name: ServerName, secretNames: readonly string[], secrets: Readonly<Record<string, string>>) => {
    const stray = Object.keys(secrets).find((secret) => !secretNames.includes(secret))
    if (stray !== undefined) throw inputInvalid(`Nothing of this server names the secret ${stray}.`)
    return async () => {
      for (const [secret, value] of Object.entries(secrets)) await credentials.set(name, secret, value)
    }
  }
  return {
    plan: (draft) => remotePlanOf(draft),
    add: ({ acceptPins, secrets, ...draft }, { description }) => {
      if (draft.workspace !== undefined) workspaces.need(draft.workspace)
      const server = remoteConfigOf(draft, Date.now() as EpochMs)
      const keep = keeping(draft.name, server.secretNames, secrets)
      return noted(note, [description, 'server.add', `Remote server “${draft.name}” was added: ${draft.url}`], () =>
        administration.addRemote(server, acceptPins, keep),
      )
    },
    planChange: (change) => changePlanOf(servers.need(change.name), change),
    set: ({ secrets, ...change }, { description }) => {
      const changed = changedRemote(servers.need(change.name), change)
      const keep = keeping(change.name, changed.secretNames, secrets)
      const what = `Remote server “${change.name}” was changed: ${change.from} → ${change.url ?? change.from}`
      return noted(note, [description, 'server.set', what], () => administration.setRemote(change.name, changed, keep))
    },
  }
}
