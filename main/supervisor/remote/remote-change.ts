import type { z } from 'zod'
import type { RemoteChange, remotePlan } from '../../../shared/contract/remote.ts'
import type { RemoteOrigin, SecretHeader } from '../../../shared/domain/remote.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { remoteConfigOf, remotePlanOf, signInWords } from './remote-plan.ts'

/** What changes of a remote server's record: nothing that the person set about it otherwise. */
export type ChangedRemote = Pick<ServerConfig, 'origin' | 'secretNames' | 'trusted'>

/** @throws input.invalid when it is no remote server, leads elsewhere than the person saw, or would not be right */
export function changedRemote(server: ServerConfig, change: RemoteChange): ChangedRemote {
  const { origin, secretNames } = remoteConfigOf(draftOf(server, change), server.addedAt)
  const staysThere = originOf(origin as RemoteOrigin) === originOf(remoteOf(server, change))
  return { origin, secretNames, trusted: server.trusted && staysThere }
}

/** What the change would mean, before it is made. Looks the name up; connects to nothing. @throws as `changedRemote` */
export async function changePlanOf(
  server: ServerConfig,
  change: RemoteChange,
  env?: NodeJS.ProcessEnv,
): Promise<z.output<typeof remotePlan>> {
  const { origin, trusted } = changedRemote(server, change)
  const plan = await remotePlanOf({ ...draftOf(server, change), trusted }, env)
  return { ...plan, changes: changesIn(remoteOf(server, change), origin as RemoteOrigin, server.trusted && !trusted) }
}

function draftOf(server: ServerConfig, change: RemoteChange) {
  const before = remoteOf(server, change)
  const privateNetwork = change.privateNetwork ?? before.privateNetwork
  const tls = change.tls && { ...before.tls, ...change.tls }
  const signIn = change.signIn === null ? undefined : (change.signIn ?? before.signIn)
  return {
    name: server.name,
    url: change.url ?? before.url,
    transport: change.transport ?? (change.url === undefined ? before.transport : 'detect'),
    headers: (change.headers ?? before.headers).map((header) => ({ ...header })),
    ...(privateNetwork ? { privateNetwork } : {}),
    ...(tls || before.tls ? { tls: tls ?? before.tls } : {}),
    ...(signIn ? { signIn } : {}),
  }
}

function remoteOf({ name, origin }: ServerConfig, { from }: RemoteChange): RemoteOrigin {
  if (origin.kind !== 'remote') throw inputInvalid(`“${name}” runs on this computer; it has no address to change.`)
  if (origin.url !== from) throw inputInvalid(`“${name}” leads to ${origin.url} by now. Look again, then change it.`)
  return origin
}

function changesIn(before: RemoteOrigin, after: RemoteOrigin, losesTrust: boolean): string[] {
  const changed = (what: string, was: string, is: string) => (was === is ? [] : [`${what}: ${was} → ${is}`])
  const elsewhere = originOf(before) !== originOf(after)
  return [
    ...changed('Address', before.url, after.url),
    ...changed('Spoken to by', before.transport, after.transport),
    ...changed('Headers', headersIn(before.headers), headersIn(after.headers)),
    ...changed('In a private network', yesNo(before.privateNetwork), yesNo(after.privateNetwork)),
    ...changed('Pinned key', before.tls?.pin ?? 'none', after.tls?.pin ?? 'none'),
    ...changed(
      'Authorities',
      before.tls?.authorities ? 'your own' : 'the system’s',
      after.tls?.authorities ? 'your own' : 'the system’s',
    ),
    ...changed('Oldest TLS', oldestTls(before), oldestTls(after)),
    ...changed('Client certificate', yesNo(before.tls?.client), yesNo(after.tls?.client)),
    ...changed('Signed in to by', signInIn(before), signInIn(after)),
    ...(elsewhere && after.headers.length > 0
      ? [`Your secrets ${secretsIn(after.headers)} go to ${new URL(after.url).host} from then on.`]
      : []),
    ...(losesTrust ? ['Its tools are asked about again: you trusted another server.'] : []),
  ]
}

const originOf = ({ url }: RemoteOrigin) => new URL(url.replace(/^ws/, 'http')).origin
const signInIn = ({ signIn }: RemoteOrigin) => (signIn === undefined ? 'you, when it asks' : signInWords(signIn))
const oldestTls = ({ tls }: RemoteOrigin) => (tls?.tls12 ? '1.2' : '1.3')
const yesNo = (value: unknown) => (value ? 'yes' : 'no')
const secretsIn = (headers: readonly SecretHeader[]) => headers.map(({ secret }) => secret).join(', ')
const headersIn = (headers: readonly SecretHeader[]) =>
  headers.map(({ name, scheme, secret }) => `${name}=${scheme ? `${scheme} ` : ''}secret:${secret}`).join(', ') ||
  'none'
