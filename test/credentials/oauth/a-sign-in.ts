import { Credentials } from '../../../main/credentials/credentials.ts'
import { SignIns, type SignInsParts } from '../../../main/credentials/oauth/oauth.ts'
import { openDatabase } from '../../../main/store/database.ts'
import { remoteAddress } from '../../../main/supervisor/remote/address.ts'
import { guardedFetch } from '../../../main/supervisor/remote/guarded-fetch.ts'
import { bodyText, RemoteHttp } from '../../../main/supervisor/remote/remote-http.ts'
import type { SignInSummary } from '../../../shared/contract/sign-ins.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../../shared/domain/ids.ts'
import type { MachineSignIn } from '../../../shared/domain/machine-sign-in.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { SignInService } from '../../support/sign-in-service.ts'
import { memoryRing } from '../memory-ring.ts'

export function remoteConfig(
  url: string,
  headers: readonly { name: string; secret: string }[] = [],
  signIn?: MachineSignIn,
): ServerConfig {
  return {
    name: 'files' as ServerName,
    workspace: defaultWorkspace,
    origin: { kind: 'remote', url, transport: 'http', headers, ...(signIn && { signIn }) },
    sandbox: 0,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}

/** The person's sign-ins with the real keeping, fetching and HTTP, and a clock that is set. */
export async function aSignIn(service: SignInService, parts: Partial<SignInsParts> = {}, signIn?: MachineSignIn) {
  const ring = memoryRing()
  const credentials = await Credentials.open(openDatabase(':memory:'), ring)
  const clock = { now: 1_000_000 }
  const told: SignInSummary[] = []
  const lost: string[] = []
  const byItself: string[] = []
  const signIns = new SignIns({
    credentials,
    fetchFor: (origin) => guardedFetch(origin, { patienceMs: 2_000, longestBytes: 64 * 1024 }),
    documentUrl: undefined,
    onChange: (summary) => told.push(summary),
    onLost: ({ name }) => lost.push(name),
    onByItself: ({ name }, issuer) => byItself.push(`${name} at ${issuer}`),
    onSignedIn: async () => {},
    now: () => clock.now,
    ...parts,
  })
  const config = remoteConfig(service.mcpUrl, [], signIn)
  return {
    signIns,
    credentials,
    ring,
    clock,
    told,
    lost,
    byItself,
    config,
    state: () => signIns.list([config])[0],
    /** Begins, agrees in the browser, waits. @returns what the sign-in asked for */
    signIn: async (own = {}) => {
      const begun = await signIns.begin(config, own)
      const ended = signIns.wait(begun.id)
      ended.catch(() => {}) // awaited below
      const page = await SignInService.browse(begun.url)
      await ended
      return { ...begun, page }
    },
    /** A tool call as the supervisor's transport makes it. @returns its text */
    call: async (tool: string, as = config) => {
      const authorize = signIns.authorizeFor(as)
      const http = new RemoteHttp({
        address: remoteAddress(service.mcpUrl),
        headers: {},
        tls: {},
        ...(authorize ? { authorize } : {}),
      })
      try {
        const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } })
        const headers = { 'content-type': 'application/json' }
        const answer = await http.open({ method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) })
        return JSON.parse(await bodyText(answer, 10_000, 2_000)).result.content[0].text as string
      } finally {
        http.close()
      }
    },
  }
}
