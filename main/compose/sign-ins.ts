import type { ServerName } from '../../shared/domain/ids.ts'
import { type RemoteServer, SignIns } from '../credentials/oauth/oauth.ts'
import { guardedFetch } from '../supervisor/remote/guarded-fetch.ts'
import type { Foundation } from './foundation.ts'

export interface SignInHooks {
  readonly documentUrl: string | undefined
  /** Looks at the server with its new rights. */
  readonly onSignedIn: (server: ServerName) => Promise<void>
  /** How the server stands may have changed. */
  readonly onStands: (server: ServerName) => void
}

/** The person's sign-ins to remote servers, recorded and told to whoever watches. */
export function buildSignIns({ credentials, events, audit, notice, log }: Foundation, hooks: SignInHooks): SignIns {
  const recorded = (action: string, summary: string, { name }: RemoteServer) =>
    void audit.append({ action, severity: 'notice', summary, server: name })
  return new SignIns({
    credentials,
    fetchFor: (origin) => guardedFetch(origin),
    documentUrl: hooks.documentUrl,
    onChange: (summary) => {
      events.emit('signIns.changed', summary)
      hooks.onStands(summary.server as ServerName)
    },
    onLost: (server) => {
      recorded('server.sign-in-lost', `The sign-in to “${server.name}” no longer holds`, server)
      notice('warning', `“${server.name}” wants you to sign in again.`)
    },
    onByItself: (server, issuer) =>
      recorded('server.signed-in', `Gatehouse signed in to “${server.name}” by itself, at ${issuer}`, server),
    onSignedIn: async (server) => {
      recorded('server.signed-in', `You are signed in to “${server.name}”`, server)
      await hooks
        .onSignedIn(server.name)
        .catch((error) => log.info({ code: error.code }, 'listed after a sign-in: failed'))
    },
  })
}
