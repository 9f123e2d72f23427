import { isAbsolute } from 'node:path'
import type { z } from 'zod'
import type { RemoteDraft, remotePlan } from '../../../shared/contract/remote.ts'
import { defaultWorkspace, type EpochMs } from '../../../shared/domain/ids.ts'
import { type MachineSignIn, secretsOfSignIn, type WrittenToken } from '../../../shared/domain/machine-sign-in.ts'
import type { RemoteOrigin, RemoteTls } from '../../../shared/domain/remote.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { checkedAddresses, remoteAddress } from './address.ts'
import { problemOf } from './remote-problem.ts'

type RemotePlan = z.output<typeof remotePlan>

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** They are Gatehouse's own, or the connection's. */
const taken =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|accept.*|last-event-id|mcp-.*|sec-.*|proxy-.*|keep-alive)$/i

/** @throws input.invalid naming the first thing that is not right */
export function remoteOriginOf(draft: RemoteDraft): RemoteOrigin {
  const { url, encrypted } = remoteAddress(draft.url, draft.privateNetwork)
  const names = draft.headers.map(({ name }) => name.toLowerCase())
  for (const { name, scheme } of draft.headers) {
    if (!token.test(name) || taken.test(name)) throw inputInvalid(`“${name}” cannot be a header of your own.`)
    if (scheme !== undefined && !/^[A-Za-z][\w-]*$/.test(scheme))
      throw inputInvalid(`The word before the secret of “${name}” must be one like “Bearer”.`)
  }
  if (new Set(names).size < names.length) throw inputInvalid('A header is named twice.')
  if (draft.tls !== undefined && !encrypted) throw inputInvalid('Certificates need https:// (or wss://).')
  if (draft.transport !== 'websocket' && draft.transport !== 'detect' && url.protocol.startsWith('ws'))
    throw inputInvalid('An address that starts with ws:// or wss:// is one of a WebSocket.')
  return {
    kind: 'remote',
    url: url.href,
    transport: draft.transport,
    headers: draft.headers.map(({ name, scheme, secret }) => ({ name, ...(scheme ? { scheme } : {}), secret })),
    ...(draft.privateNetwork ? { privateNetwork: true } : {}),
    ...(draft.tls === undefined ? {} : { tls: tlsOf(draft.tls) }),
    ...(draft.signIn === undefined ? {} : { signIn: signInOf(draft.signIn, names) }),
  }
}

function signInOf(signIn: MachineSignIn, headers: readonly string[]): MachineSignIn {
  if (headers.includes('authorization'))
    throw inputInvalid('It has an Authorization header of your own, so there is nothing to sign in to.')
  for (const place of [signIn.issuer, ...providersOf(signIn)]) {
    const url = URL.canParse(place) ? new URL(place) : undefined
    const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && remoteAddress(place).place === 'here')
    if (!safe || url?.username || url?.password || url?.hash)
      throw inputInvalid('A sign-in service’s address begins with https:// and holds no user and no password.')
  }
  if ('token' in signIn && 'file' in signIn.token && !isAbsolute(signIn.token.file))
    throw inputInvalid('Name the file of its token in full, from the root of the disk.')
  return signIn
}

function providersOf(signIn: MachineSignIn): string[] {
  if (!('provider' in signIn)) return []
  return ['tokenUrl' in signIn.provider ? signIn.provider.tokenUrl : signIn.provider.issuer]
}

function tlsOf({ authorities, pin, tls12, client }: NonNullable<RemoteDraft['tls']>): RemoteTls {
  return {
    ...(authorities === undefined ? {} : { authorities: pemOf(authorities) }),
    ...(pin === undefined ? {} : { pin: pinOf(pin) }),
    ...(tls12 ? { tls12 } : {}),
    ...(client === undefined ? {} : { client: { ...client, certificate: pemOf(client.certificate) } }),
  }
}

function pemOf(text: string): string {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw inputInvalid('A certificate file must be in the form PEM.')
  if (text.includes('PRIVATE KEY')) throw inputInvalid('The certificate file holds a private key, too. Take it out.')
  return text
}

/** `sha256/BASE64` or `sha256//BASE64`, as browsers and curl write it, or the base64 alone, which may begin with a slash itself. */
function pinOf(text: string): string {
  const pin = /^(?:sha256\/{1,2})?([A-Za-z0-9+/]{43}=)$/.exec(text)?.[1]
  if (pin === undefined) throw inputInvalid('A pin is the SHA-256 of a public key: sha256/BASE64.')
  return pin
}

/** @throws input.invalid */
export function remoteConfigOf(draft: RemoteDraft, now: EpochMs): ServerConfig {
  const origin = remoteOriginOf(draft)
  return {
    name: draft.name,
    workspace: draft.workspace ?? defaultWorkspace,
    origin,
    sandbox: 0,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames: secretNamesOf(origin),
    trusted: draft.trusted ?? false,
    shared: false,
    enabled: true,
    addedAt: now,
  }
}

const secretNamesOf = ({ headers, tls, signIn }: RemoteOrigin): string[] => {
  const ofTls = tls?.client ? [tls.client.keySecret] : []
  return [...new Set([...headers.map(({ secret }) => secret), ...ofTls, ...secretsOfSignIn(signIn)])].sort()
}

/** What a person agrees to before it is first connected to. Looks the name up; connects to nothing. @throws input.invalid */
export async function remotePlanOf(draft: RemoteDraft, env: NodeJS.ProcessEnv = process.env): Promise<RemotePlan> {
  const origin = remoteOriginOf(draft)
  const address = remoteAddress(origin.url, origin.privateNetwork)
  const found = await checkedAddresses(address).catch((error) => problemOf(error))
  return {
    url: origin.url,
    host: address.url.host,
    addresses: Array.isArray(found) ? found.map((one) => one.address) : [],
    transport: origin.transport,
    headerNames: origin.headers.map(({ name }) => name),
    secretNames: secretNamesOf(origin),
    mayGo: mayGo(origin),
    warnings: [
      ...(Array.isArray(found) ? [] : [`It cannot be connected to now: ${found.message}`]),
      ...warningsFor(origin, draft.trusted ?? false, env),
    ],
  }
}

/** Where a remote server's sandbox would be told of. */
export const nothingRunsHere = 'remote: nothing runs here'

/** What may go to a remote server, in sentences. */
export function mayGo(origin: RemoteOrigin): string[] {
  const { url, encrypted } = remoteAddress(origin.url, origin.privateNetwork)
  return [
    `Nothing of it runs here. It sees no file and no program of this computer.`,
    `The arguments of every call you allow, and your answers to its questions, go to ${url.host}; what happens to them there Gatehouse cannot see.`,
    ...origin.headers.map(
      ({ name, secret }) => `Every request carries the header ${name} with your secret ${secret}, to ${url.host} only.`,
    ),
    ...(origin.signIn ? [signInWords(origin.signIn)] : []),
    encrypted
      ? `The connection is encrypted and its certificate is checked${tlsWords(origin.tls)}.`
      : 'The connection is not encrypted.',
  ]
}

/** One sentence: who vouches for whom, and where what is sent. */
export function signInWords(signIn: MachineSignIn): string {
  const at = `Gatehouse signs in by itself at ${signIn.issuer}`
  switch (signIn.kind) {
    case 'client-secret':
      return `${at}, as ${signIn.clientId} with your secret ${signIn.secret}.`
    case 'client-key':
      return `${at}, as ${signIn.clientId} with what your key ${signIn.keySecret} signs; the key itself goes nowhere.`
    case 'workload':
      return `${at}, with ${tokenWords(signIn.token)}.`
    case 'company':
      return `${at}, as ${signIn.clientId}, with what ${signIn.provider.tokenUrl} gives for ${tokenWords(signIn.token)}.`
    case 'company-page':
      return `${at}, as ${signIn.clientId}, with what ${signIn.provider.issuer} says of you once you signed in there.`
  }
}

const tokenWords = (token: WrittenToken) =>
  'secret' in token ? `the token in your secret ${token.secret}` : `the token in the file ${token.file}`

function tlsWords(tls: RemoteTls | undefined): string {
  const words = [
    ...(tls?.authorities ? ['against the authorities you gave'] : []),
    ...(tls?.pin ? ['against the public key you pinned'] : []),
  ]
  const client = tls?.client ? '; your client certificate is shown to it' : ''
  return `${words.length > 0 ? ` ${words.join(' and ')}` : ''}${client}`
}

const proxyNames = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy']

function warningsFor(origin: RemoteOrigin, trusted: boolean, env: NodeJS.ProcessEnv): string[] {
  const { place, encrypted } = remoteAddress(origin.url, origin.privateNetwork)
  const proxy = proxyNames.find((name) => env[name])
  return [
    ...(trusted ? ['You trust it: its tools are used without asking you.'] : []),
    ...(encrypted || place === 'here'
      ? []
      : ['It is not encrypted: everyone in your network can read and change what is said, secrets included.']),
    ...(place === 'nearby' && origin.privateNetwork
      ? ['Its name may lead to any computer of your private network.']
      : []),
    ...(origin.tls?.tls12 ? ['It may use TLS 1.2, whose weaker ways of encrypting TLS 1.3 left out.'] : []),
    ...(proxy ? [`Gatehouse connects directly: the proxy in ${proxy} is not used for servers.`] : []),
  ]
}
